import type { BillingScope } from './billing-scope.ts'
import { Checkout } from './checkout.entity.ts'
import { convergeSubscription } from './converge-subscription.ts'
import type { Customer } from './customer.entity.ts'
import type { ProviderInvoice, ProviderNotice } from './providers/payment-provider.ts'
import { recordPayment } from './record-payment.ts'
import type { Subscription } from './subscription.entity.ts'

/** What came out for the subscription concerned: its row, and the invoice that was looked at, if any. */
export interface Converged {
  subscription: Subscription
  invoice: ProviderInvoice | null
}

/**
 * Asks the provider for the object that changed and all that hangs on it, and makes our rows say the same.
 * The caller holds the customer's row lock.
 *
 * @returns null when no subscription of ours is concerned.
 */
export async function convergeCustomer(
  scope: BillingScope,
  customer: Customer,
  { subject }: Pick<ProviderNotice, 'subject'>,
): Promise<Converged | null> {
  if (!subject) return null
  const { em } = scope
  const { provider } = scope.billing

  const checkout = subject.kind === 'checkout' ? await provider.fetchCheckout(subject.id) : null
  if (checkout && checkout.status !== 'open') {
    await em.nativeUpdate(
      Checkout,
      { providerSessionId: checkout.id, customer: customer.id },
      { status: checkout.status },
    )
  }

  const named = subject.kind === 'invoice' ? await provider.fetchInvoice(subject.id) : null
  const subscriptionId = subject.kind === 'subscription' ? subject.id : (checkout ?? named)?.subscriptionId
  const truth = subscriptionId ? await provider.fetchSubscription(subscriptionId) : null
  // An id from an event proves nothing: only what belongs to the locked customer may touch his rows.
  if (!truth || truth.customerId !== customer.providerCustomerId) return null

  const latest =
    truth.latestInvoiceId && truth.latestInvoiceId !== named?.id ? await provider.fetchInvoice(truth.latestInvoiceId) : named
  const subscription = await convergeSubscription(scope, customer, truth, latest)
  for (const invoice of new Set([named, latest])) {
    if (invoice?.customerId === customer.providerCustomerId) await recordPayment(em, customer, invoice)
  }
  return subscription ? { subscription, invoice: named ?? latest } : null
}
