import { atProvider, type BillingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Releases our schedule once it has nothing left to do. Otherwise it would keep operators from canceling the
 * subscription in the provider's dashboard. Without the customer's lock, this could release a schedule that a change of
 * plan has just made.
 *
 * @throws {PaymentProviderError}
 */
export async function releaseSchedule(
  scope: BillingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId })
  const id = subscription?.providerSubscriptionId
  if (!id) return
  await underLock(atProvider(scope, subscription.provider), subscription.account.id, ({ billing }) =>
    billing.provider.releaseIdleSchedule(id),
  )
}
