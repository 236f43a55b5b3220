import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { currentSubscription } from '../subscriptions/current-subscription.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'
import { NoUpcoming } from '../switch.errors.ts'

/**
 * Cancels the plan that waits to begin. The present one stays set to end, and can be resumed from then on.
 *
 * @returns the present subscription; null if there is none.
 * @throws {NoUpcoming} also when it has begun meanwhile.
 * @throws {PaymentProviderError}
 */
export async function cancelUpcoming(
  scope: BillingScope,
  { accountId }: { accountId: string },
): Promise<SubscriptionView | null> {
  const isCanceled = await underLock(scope, accountId, async (locked, customer) => {
    const upcoming = await findUpcoming(locked.em, accountId)
    if (!upcoming) return false
    const { provider, providerSubscriptionId: id } = upcoming
    const [there, customerThere] = await lockedAt(locked, customer, provider)
    const fetched = await there.billing.provider.fetchSubscription(id)
    const isWaiting = fetched?.laterStart?.hasBegun === false
    // If it begins in this very moment, it is paid back.
    if (isWaiting) await there.billing.provider.cancel({ subscriptionId: id, at: 'now' })
    await convergeCustomer(there, customerThere, { kind: 'subscription', id })
    return isWaiting
  })
  // Thrown after the commit, so that our rows keep what the provider said.
  if (!isCanceled) throw new NoUpcoming()
  return currentSubscription({ ...scope, em: scope.em.fork() }, { accountId })
}
