import { isAccountOpen } from '../../accounts/index.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { aloneAtProvider } from '../customers/alone-at-provider.ts'
import { underLock } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'
import { convergeCustomer } from './converge-customer.ts'

/**
 * Refunds a renewal that was collected after the account was closed, and ends the subscription, which its owner can't
 * use. Every step can be repeated, and the job is retried until it succeeds.
 *
 * @throws {PaymentProviderError}
 */
export async function returnLatePayment(scope: CallingScope, { paymentId }: { paymentId: string }): Promise<void> {
  const { em } = scope
  const payment = await em.findOne(Payment, { id: paymentId }, { populate: ['subscription'], refresh: true })
  if (!payment?.providerPaymentId || (await isAccountOpen(em, payment.account.id))) return
  const there = atProvider(scope, payment.provider)
  const { provider } = there.billing
  // What an operator made beside another subscription has no row here.
  const subscriptionId =
    payment.subscription?.$.providerSubscriptionId ??
    (await provider.fetchInvoice(payment.providerInvoiceId))?.subscriptionId
  if (!subscriptionId) return

  const alone = <T>(call: (provider: PaymentProvider) => Promise<T>) => aloneAtProvider(there, payment.account.id, call)
  await alone((locked) => locked.cancel({ subscriptionId, at: 'now' }))
  await provider.stopCollecting(subscriptionId)
  if (payment.isRefundable()) {
    const refund = { key: `late:${payment.id}`, paymentId: payment.providerPaymentId }
    await alone((locked) => locked.refund(refund))
  }
  await provider.returnBalance(payment.providerInvoiceId)
  await underLock(there, payment.account.id, async (locked, customer) => {
    await convergeCustomer(locked, customer, { kind: 'invoice', id: payment.providerInvoiceId })
  })
}
