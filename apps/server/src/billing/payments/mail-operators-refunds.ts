import { HOUR } from '../../platform/durations.ts'
import type { LockedScope } from '../customers/under-lock.ts'
import { queueRefundedMail } from '../mails/queue-refunded-mail.ts'
import { Payment } from '../payment.entity.ts'

/** Maximum time between a refund and the event about it. */
const LEEWAY = HOUR

/**
 * Queues the emails about a refund that an operator made at the provider, such as in Stripe's dashboard. An event about a
 * payment that is not known here is ignored.
 *
 * The event decides which refunds are mailed about: those of its time. So an event that comes late or twice gives the
 * same emails, and one about a new refund gives none about old ones.
 *
 * @param event.paymentId the payment's id at the provider.
 */
export async function mailOperatorsRefunds(
  locked: LockedScope,
  { paymentId, occurredAt }: { paymentId: string; occurredAt: Date },
): Promise<void> {
  const { provider } = locked.billing
  const payment = await locked.em.findOne(Payment, { provider: provider.name, providerPaymentId: paymentId })
  if (!payment) return
  const refunds = await provider.fetchOperatorsRefunds(paymentId)
  for (const { id, amountCents, createdAt, isLatest } of refunds) {
    if (Math.abs(createdAt.getTime() - occurredAt.getTime()) > LEEWAY) continue
    const isFull = payment.status === 'refunded' && isLatest
    await queueRefundedMail(locked, payment, { id, amountCents, isFull })
  }
}
