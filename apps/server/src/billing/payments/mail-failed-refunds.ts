import type { LockedScope } from '../customers/under-lock.ts'
import { queueRefundFailedMail } from '../mails/queue-refunded-mail.ts'
import { Payment } from '../payment.entity.ts'

/**
 * Corrects the emails about refunds that have failed since: one email for each refund that was mailed about as made, by us
 * or by an operator. A repeat sends nothing.
 *
 * @param event.paymentId the payment's id at the provider.
 */
export async function mailFailedRefunds(locked: LockedScope, { paymentId }: { paymentId: string }): Promise<void> {
  const { em, billing } = locked
  const payment = await em.findOne(Payment, { provider: billing.provider.name, providerPaymentId: paymentId })
  if (!payment) return
  for (const { id, key, amountCents } of await billing.provider.fetchFailedRefunds(paymentId)) {
    const about = { id: key ?? id, amountCents }
    if (await wasMailed(em, about.id)) await queueRefundFailedMail(locked, payment, about)
  }
}

/** Mails to the members of an organization have their user's id behind the fact. */
async function wasMailed(em: LockedScope['em'], refundId: string): Promise<boolean> {
  const fact = `payment-refunded:${refundId}`
  const found = await em.execute<object[]>('select 1 from mails where fact = ? or (fact > ? and fact < ?) limit 1', [
    ...[fact, `${fact}:`, `${fact};`],
  ])
  return found.length > 0
}
