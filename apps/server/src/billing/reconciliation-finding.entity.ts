import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'

/** A difference that the reconciler found between our database and the provider, and what it did about it. */
const ReconciliationFindingSchema = defineEntity({
  name: 'ReconciliationFinding',
  tableName: 'reconciliation_findings',
  indexes: [
    { name: 'reconciliation_findings_newest', properties: ['foundAt', 'id'] },
    { name: 'reconciliation_findings_object', properties: ['objectId', 'foundAt'] },
    // What needs a person.
    {
      name: 'reconciliation_findings_waiting',
      properties: ['kind', 'foundAt', 'id'],
      where: { kind: { $in: ['unknown_at_provider', 'against_rules', 'refund_refused'] } },
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    foundAt: p.datetime(6),
    /**
     * `event_recovered`: an event that never arrived was read from the provider's list and stored.
     * `corrected`: the row now has the values of `after`.
     * `against_rules`: an operator made this subscription at the provider. It breaks one of our rules, and stays.
     * `refund_refused`: the provider refuses to refund this payment, which was made twice or only checked a card.
     * `unknown_at_provider`: the row was left unchanged; a person has to look at it.
     */
    kind: p.enum(['event_recovered', 'corrected', 'unknown_at_provider', 'against_rules', 'refund_refused'] as const),
    /** Null for an event. */
    account: () => p.manyToOne(Account).ref().nullable().deleteRule('cascade'),
    /** The previous version's column: the user of a personal account. A trigger fills it in. */
    formerUser: () => p.manyToOne(User).ref().nullable().deleteRule('cascade').fieldName('user_id').lazy().hidden(),
    objectType: p.enum(['event', 'subscription', 'payment', 'checkout'] as const),
    /** The object's id at the provider. */
    objectId: p.string().length(255),
    /** The old values of the changed fields; null if the row was missing. */
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>().nullable(),
    /** When an admin said that there is nothing left to do, who it was, and why. */
    resolvedAt: p.datetime(6).nullable(),
    resolvedBy: p.uuid().nullable(),
    resolution: p.text().nullable(),
  },
})

export class ReconciliationFinding extends ReconciliationFindingSchema.class {}
ReconciliationFindingSchema.setClass(ReconciliationFinding)
