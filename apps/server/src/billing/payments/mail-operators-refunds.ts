import type { LockedScope } from '../customers/under-lock.ts'
import { queueRefundedMail } from '../mails/queue-refunded-mail.ts'
import type { Payment } from '../payment.entity.ts'

/**
 * Queues the emails about refunds that an operator made at the provider, such as in Stripe's dashboard. Only what came
 * since the row was last written counts, so an old refund is not mailed about years later.
 *
 * @param payment as it is after the refunds.
 * @param refundedBefore what was refunded before, in cents.
 */
export async function mailOperatorsRefunds(
  locked: LockedScope,
  payment: Payment,
  refundedBefore: number,
): Promise<void> {
  const { providerPaymentId, refundedCents } = payment
  let left = refundedCents - refundedBefore
  if (left <= 0 || !providerPaymentId) return
  for (const refund of await locked.billing.provider.fetchOperatorsRefunds(providerPaymentId)) {
    left -= refund.amountCents
    if (left < 0) return
    await queueRefundedMail(locked, payment, refund)
  }
}
