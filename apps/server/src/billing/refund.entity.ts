import { defineEntity, p } from '@mikro-orm/core'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/database/ids.ts'
import { MINUTE } from '../platform/durations.ts'
import { Payment } from './payment.entity.ts'

/** For so long whoever asks for another refund of the same payment may still wait for this one. */
const AWAITED_FOR = 10 * MINUTE

/**
 * A refund that an admin asked for. Its row comes first and gives the provider call its key: as long as nobody knows
 * whether the provider has done it, asking once more means this one, not another.
 */
const RefundSchema = defineEntity({
  name: 'Refund',
  tableName: 'refunds',
  uniques: [{ name: 'refunds_open', properties: ['payment'], where: { status: 'requested' } }],
  indexes: [{ name: 'refunds_payment', properties: ['payment'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    payment: () => p.manyToOne(Payment).ref().deleteRule('cascade'),
    amountCents: p.integer(),
    /** Whether it was to leave nothing of the payment. */
    isFull: p.boolean(),
    status: p.enum(['requested', 'done'] as const).default('requested'),
    createdAt: p.datetime(6),
  },
})

export class Refund extends RefundSchema.class {
  /** Whether it was asked for so long ago that nobody but who asks for the very same can still mean it. */
  isLeftBehind(now: Date): boolean {
    return this.createdAt < after(now, -AWAITED_FOR)
  }
}
RefundSchema.setClass(Refund)
