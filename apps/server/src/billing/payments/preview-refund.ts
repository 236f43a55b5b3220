import type { BillingScope } from '../billing-scope.ts'
import { NotRefundable, PaymentNotFound } from '../billing.errors.ts'
import { Payment } from '../payment.entity.ts'
import { Refund } from '../refund.entity.ts'
import type { RefundPaymentInput, RefundPreview } from '../refund.schemas.ts'
import { tooMuch } from './too-much.ts'

/**
 * What a refund of a payment would do, by what our rows say. It changes nothing.
 *
 * @throws {PaymentNotFound}
 * @throws {NotRefundable}
 * @throws {InvalidInput} for more than is left.
 */
export async function previewRefund(
  { em }: BillingScope,
  { id, amountCents }: Pick<RefundPaymentInput, 'id' | 'amountCents'>,
): Promise<RefundPreview> {
  const payment = await em.findOne(Payment, { id })
  if (!payment) throw new PaymentNotFound()
  if (!payment.isRefundable()) throw new NotRefundable()
  const leftCents = payment.amountCents - payment.refundedCents
  if (amountCents !== undefined && amountCents > leftCents) throw tooMuch(leftCents)
  const amount = amountCents ?? leftCents
  return {
    leftCents,
    refundedCents: payment.refundedCents,
    amountCents: amount,
    currency: payment.currency,
    status: amount === leftCents ? 'refunded' : 'partially_refunded',
    isOpen: (await em.count(Refund, { payment: id, status: 'requested' })) > 0,
    keepsAccess: true,
  }
}
