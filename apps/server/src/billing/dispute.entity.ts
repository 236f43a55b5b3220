import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Payment } from './payment.entity.ts'

/** A payment that the customer's bank questions or takes back. A payment can have several, one after the other. */
const DisputeSchema = defineEntity({
  name: 'Dispute',
  tableName: 'disputes',
  indexes: [
    { name: 'disputes_payment', properties: ['payment'] },
    { name: 'disputes_opened', properties: ['openedAt', 'id'] },
    { name: 'disputes_by_status', properties: ['status', 'openedAt', 'id'] },
    // The few that wait for evidence, the most urgent first.
    { name: 'disputes_due', properties: ['dueBy', 'id'], where: { status: 'needs_response' } },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    payment: () => p.manyToOne(Payment).ref().deleteRule('cascade'),
    providerDisputeId: p.string().length(255).unique('disputes_provider_unique'),
    /** The provider's word for it, such as `fraudulent`. */
    reason: p.string().length(100),
    status: p.enum(['needs_response', 'under_review', 'won', 'lost', 'closed'] as const),
    /** Whether the bank only asks so far. No money has moved. */
    isInquiry: p.boolean().default(false),
    amountCents: p.bigint('number').fieldName('amount'),
    currency: p.string().length(3),
    /** By when evidence counts; null if no evidence can be given. */
    dueBy: p.datetime(6).nullable(),
    /** Whether evidence was submitted to the bank. */
    hasEvidence: p.boolean().default(false),
    openedAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p
      .datetime(6)
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
})

export class Dispute extends DisputeSchema.class {}
DisputeSchema.setClass(Dispute)
