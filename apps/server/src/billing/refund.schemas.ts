import { z } from 'zod'
import { PaymentView } from './payment.schemas.ts'

export const RefundPaymentInput = z.object({
  id: z.uuid('must be an id').toLowerCase(),
  amountCents: z.int().min(1, 'must be at least 1').optional(),
  /** What the caller's preview knows as refunded. A repeat after a lost answer then refunds nothing more. */
  refundedCents: z.int().min(0, 'must be at least 0').optional(),
})
export type RefundPaymentInput = z.infer<typeof RefundPaymentInput>

/** What a refund would do. */
export const RefundPreview = z.object({
  /** What can still be refunded. */
  leftCents: z.int(),
  /** What was refunded before. The refund takes it, and is refused if it has changed. */
  refundedCents: z.int(),
  /** What would be refunded now. */
  amountCents: z.int(),
  currency: z.string(),
  /** The payment's status afterwards. */
  status: PaymentView.shape.status,
  /** Whether another refund of the payment is unfinished. It is finished or dropped first. */
  isOpen: z.boolean(),
  /** Always true: a refund changes no subscription. To end access, cancel the subscription. */
  keepsAccess: z.literal(true),
})
export type RefundPreview = z.infer<typeof RefundPreview>
