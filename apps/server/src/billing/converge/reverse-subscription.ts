import type { CallingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Undoes a subscription that should never have been bought: ends it at the provider, sees to it that nothing more is
 * paid for it, and pays back all that was, also from the balance. Every step may be repeated.
 *
 * @throws {PaymentProviderError} and is tried again until done.
 */
export async function reverseSubscription(
  scope: CallingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const { em } = scope
  const { provider } = scope.billing
  const subscription = await em.findOne(Subscription, { id: subscriptionId, reversedAt: { $ne: null } })
  if (!subscription?.providerSubscriptionId) return

  await provider.cancel({ subscriptionId: subscription.providerSubscriptionId, at: 'now' })
  await provider.stopCollecting(subscription.providerSubscriptionId)
  const invoices = await provider.fetchInvoices(subscription.providerSubscriptionId)
  for (const { invoice, status } of await provider.fetchPayments(invoices)) {
    const isPaid = status === 'succeeded' || status === 'partially_refunded'
    if (isPaid && invoice.paymentId)
      await provider.refund({ key: `reversal:${invoice.id}`, paymentId: invoice.paymentId })
  }
  for (const { id, status } of invoices) if (status === 'paid') await provider.returnBalance(id)
  await underLock(scope, subscription.user.id, async (locked, customer) => {
    const payments = await locked.billing.provider.fetchPayments(invoices)
    for (const payment of payments) await recordPayment(locked, customer, payment)
  })
}
