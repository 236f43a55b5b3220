import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { newId } from '../platform/database/ids.ts'
import { SUBSCRIPTION_PROVIDERS } from './provider.schemas.ts'
import { Subscription } from './subscription.entity.ts'

/**
 * One overdue invoice of a subscription, from its first failure until it is paid, voided or given up. All times are
 * billing time.
 *
 * @see docs/decisions/0040-dunning.md
 */
const RecoverySchema = defineEntity({
  name: 'Recovery',
  tableName: 'recoveries',
  uniques: [
    // The customer gets mails about one invoice at a time: the oldest.
    { name: 'recoveries_one_open', properties: ['subscription'], where: { endedAt: null } },
  ],
  indexes: [
    { name: 'recoveries_due', properties: ['nextStepAt', 'id'], where: { endedAt: null } },
    { name: 'recoveries_ended', properties: ['outcome', 'endedAt', 'id'], where: { endedAt: { $ne: null } } },
    { name: 'recoveries_newest', properties: ['since', 'id'] },
    { name: 'recoveries_account', properties: ['account'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    subscription: () => p.manyToOne(Subscription).ref().deleteRule('cascade'),
    provider: p.enum(SUBSCRIPTION_PROVIDERS),
    providerInvoiceId: p.string().length(255),
    amountCents: p.bigint('number').fieldName('amount'),
    currency: p.string().length(3),
    /** When the invoice was finalized, or due if the customer pays by invoice. The steps count from here. */
    since: p.datetime(6),
    action: p.enum(['pay', 'authenticate', 'update_card'] as const),
    /** The last step whose mail was queued: its time after `since` as in `DUNNING`, or `final`. */
    lastStep: p.string().length(20).nullable(),
    /** When the next step is due; null if none is to come, or the final one waits for the provider. */
    nextStepAt: p.datetime(6).nullable(),
    /** When the provider tries again by itself. */
    nextRetryAt: p.datetime(6).nullable(),
    /** When we learned that the provider no longer tries. */
    givenUpAt: p.datetime(6).nullable(),
    endedAt: p.datetime(6).nullable(),
    outcome: p.enum(['recovered', 'voided', 'written_off', 'closed', 'ended'] as const).nullable(),
    createdAt: p.datetime(6),
  },
})

export class Recovery extends RecoverySchema.class {}
RecoverySchema.setClass(Recovery)
