import { atProvider, type CallingScope } from '../billing-scope.ts'
import { aloneAtProvider } from '../customers/alone-at-provider.ts'
import { underLock } from '../customers/under-lock.ts'
import { recordPayment } from '../payments/record-payment.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Undoes a subscription that should never have been bought. Ends it at the provider, stops collecting for it, and
 * refunds everything that was paid, to the card and to the balance. Every step can be repeated, and the job
 * is retried until it succeeds.
 *
 * @throws {PaymentProviderError}
 */
export async function reverseSubscription(
  scope: CallingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId, reversedAt: { $ne: null } })
  const id = subscription?.providerSubscriptionId
  if (!id) return

  const there = atProvider(scope, subscription.provider)
  const { provider } = there.billing
  const alone = <T>(call: (provider: PaymentProvider) => Promise<T>) =>
    aloneAtProvider(there, subscription.account.id, call)
  await alone((locked) => locked.cancel({ subscriptionId: id, at: 'now' }))
  await provider.stopCollecting(id)
  const invoices = await provider.fetchInvoices(id)
  for (const { invoice, status } of await provider.fetchPayments(invoices)) {
    const isPaid = status === 'succeeded' || status === 'partially_refunded'
    if (isPaid && invoice.paymentId) {
      const refund = { key: `reversal:${invoice.id}`, paymentId: invoice.paymentId }
      await alone((locked) => locked.refund(refund))
    }
  }
  for (const { id, status } of invoices) if (status === 'paid') await provider.returnBalance(id)
  await underLock(there, subscription.account.id, async (locked, customer) => {
    const { provider } = locked.billing
    // Fetched again, so that nothing older can overwrite something newer.
    const payments = await provider.fetchPayments(await provider.fetchInvoices(id))
    for (const payment of payments) await recordPayment(locked, customer, payment)
  })
}
