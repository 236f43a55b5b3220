import { defineEntity, p } from '@mikro-orm/core'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'

/** Something that the reconciler found to be otherwise here than at the provider, and what it did. */
const ReconciliationFindingSchema = defineEntity({
  name: 'ReconciliationFinding',
  tableName: 'reconciliation_findings',
  indexes: [
    { name: 'reconciliation_findings_newest', properties: ['foundAt', 'id'] },
    { name: 'reconciliation_findings_object', properties: ['objectId', 'foundAt'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    foundAt: p.datetime(6),
    /**
     * `event_recovered`: an event of the provider's list that had never arrived, applied now. `corrected`: the row has
     * the values of `after` now. `unknown_at_provider`: left as it is, for a person to look at.
     */
    kind: p.enum(['event_recovered', 'corrected', 'unknown_at_provider'] as const),
    /** Null for an event. */
    user: () => p.manyToOne(User).ref().nullable().deleteRule('cascade'),
    objectType: p.enum(['event', 'subscription', 'payment', 'checkout'] as const),
    /** The object's id at the provider. */
    objectId: p.string().length(255),
    /** The fields that differed, as they were here; null for a row that was missing. */
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>().nullable(),
  },
})

export class ReconciliationFinding extends ReconciliationFindingSchema.class {}
ReconciliationFindingSchema.setClass(ReconciliationFinding)
