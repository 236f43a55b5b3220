import type { BillingScope } from '../billing-scope.ts'
import { AlreadyCanceling } from '../billing.errors.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { underLock } from '../customers/under-lock.ts'
import { liveSubscription } from '../subscriptions/live-subscription.ts'
import { reloadSubscriptionView } from '../subscriptions/reload-subscription-view.ts'
import { endSubscription } from './end-subscription.ts'

/**
 * Cancels the user's subscription at the end of its period. Until then it stays as it is. An end after the period is
 * brought forward. A scheduled change is dropped.
 *
 * @throws {NoSubscription}
 * @throws {AlreadyCanceling} if it ends with its period already, or before.
 * @throws {PaymentProviderError}
 */
export async function cancelSubscription(
  scope: BillingScope,
  { accountId }: { accountId: string },
): Promise<SubscriptionView> {
  const id = await underLock(scope, accountId, async (locked, customer) => {
    const subscription = await liveSubscription(locked.em, accountId)
    if (subscription.cancelAtPeriodEnd) throw new AlreadyCanceling()
    await endSubscription(locked, customer, subscription, 'period_end')
    return subscription.id
  })
  return reloadSubscriptionView(scope, id)
}
