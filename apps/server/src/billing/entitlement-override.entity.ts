import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { newId } from '../platform/database/ids.ts'
import type { OverrideValue } from './feature.schemas.ts'

/** What an operator allows an account or denies it, whatever its plan says. */
const EntitlementOverrideSchema = defineEntity({
  name: 'EntitlementOverride',
  tableName: 'entitlement_overrides',
  uniques: [{ name: 'entitlement_overrides_of_account', properties: ['account', 'feature'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    feature: p.string().length(64),
    value: p.json<OverrideValue>(),
    /** In billing time. It does not count from then on; null if it holds until it is removed. */
    until: p.datetime(6).nullable(),
    reason: p.string().length(500),
    createdAt: p.datetime(6),
  },
})

export class EntitlementOverride extends EntitlementOverrideSchema.class {}
EntitlementOverrideSchema.setClass(EntitlementOverride)
