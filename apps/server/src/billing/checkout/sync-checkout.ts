import { atProvider, type BillingScope } from '../billing-scope.ts'
import { CheckoutNotFound } from '../billing.errors.ts'
import type { SubscriptionView, SyncInput } from '../billing.schemas.ts'
import { Checkout } from '../checkout.entity.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock } from '../customers/under-lock.ts'
import { currentSubscription } from '../subscriptions/current-subscription.ts'

/**
 * Applies a checkout to the caller's subscription right away, for the page after checkout, without waiting for the
 * webhook.
 *
 * The address of that page proves nothing. Only what the provider says of the caller's own session counts.
 *
 * @returns null if the caller has no subscription, for example because the session is not paid.
 * @throws {CheckoutNotFound} if the session is unknown or belongs to another account.
 * @throws {PaymentProviderError}
 */
export async function syncCheckout(
  scope: BillingScope,
  { accountId, sessionId }: SyncInput & { accountId: string },
): Promise<SubscriptionView | null> {
  const checkout = await scope.em.findOne(
    Checkout,
    { providerSessionId: sessionId, customer: { account: accountId } },
    { populate: ['customer'] },
  )
  if (!checkout) throw new CheckoutNotFound()

  await underLock(atProvider(scope, checkout.customer.$.provider), accountId, async (locked, customer) => {
    await convergeCustomer(locked, customer, { kind: 'checkout', id: sessionId })
  })
  return currentSubscription({ ...scope, em: scope.em.fork() }, { accountId, mayPay: true })
}
