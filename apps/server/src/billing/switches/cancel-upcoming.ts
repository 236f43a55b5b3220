import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { cancelWaiting } from '../converge/cancel-waiting.ts'
import { underLock } from '../customers/under-lock.ts'
import { currentSubscription } from '../subscriptions/current-subscription.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'
import { NoUpcoming } from '../switch.errors.ts'

/**
 * Cancels the upcoming plan. The present one stays set to end, and can be resumed from then on.
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
    return upcoming !== null && cancelWaiting(locked, customer, upcoming)
  })
  // Thrown after the commit, so that our rows keep what the provider said.
  if (!isCanceled) throw new NoUpcoming()
  return currentSubscription({ ...scope, em: scope.em.fork() }, { accountId, mayPay: true })
}
