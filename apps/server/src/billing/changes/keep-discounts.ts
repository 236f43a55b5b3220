import { atProvider, type BillingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'

/**
 * Adds the discounts that run on a subscription to our schedule, which would end them with the next phase. An operator
 * has given them after the change was scheduled.
 *
 * @throws {PaymentProviderError}
 */
export async function keepDiscounts(
  scope: BillingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId })
  const id = subscription?.providerSubscriptionId
  if (!id) return
  await underLock(atProvider(scope, subscription.provider), subscription.account.id, async (locked) => {
    if (await isElsewhere(locked, subscription)) return
    await locked.billing.provider.keepDiscounts(id)
  })
}
