import { defineEntity, p } from '@mikro-orm/core'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/database/ids.ts'
import { MINUTE } from '../platform/durations.ts'
import { Payment } from './payment.entity.ts'

/** How long an unfinished refund is carried out before a request for a different refund of the payment. */
const ABANDONED_AFTER = 10 * MINUTE

/**
 * A refund that an admin requested. The row is written first and gives the provider call its key. While it is unknown
 * whether the provider made the refund, the same request again means this refund, not a second one.
 */
const RefundSchema = defineEntity({
  name: 'Refund',
  tableName: 'refunds',
  uniques: [{ name: 'refunds_open', properties: ['payment'], where: { status: 'requested' } }],
  indexes: [{ name: 'refunds_payment', properties: ['payment'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    payment: () => p.manyToOne(Payment).ref().deleteRule('cascade'),
    amountCents: p.bigint('number').fieldName('amount'),
    /** The previous version's column, of 32 bits. A trigger keeps it the same as far as it can. */
    narrowAmount: p.integer().fieldName('amount_cents').defaultRaw('0').lazy().hidden(),
    /** Whether it refunds all that is left of the payment. */
    isFull: p.boolean(),
    status: p.enum(['requested', 'done'] as const).default('requested'),
    createdAt: p.datetime(6),
  },
})

export class Refund extends RefundSchema.class {
  /** Whether the request is so old that only a request for the same amount can still mean this refund. */
  isAbandoned(now: Date): boolean {
    return this.createdAt < after(now, -ABANDONED_AFTER)
  }
}
RefundSchema.setClass(Refund)
