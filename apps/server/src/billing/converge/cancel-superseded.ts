import type { CallingScope } from '../billing-scope.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Ends at the provider what an upgrade has put another subscription in the place of. What was paid for the time left
 * goes to the customer's balance; what was not paid is never collected. Every step may be repeated.
 *
 * @throws {PaymentProviderError} and is tried again until done.
 */
export async function cancelSuperseded(
  { em, billing }: CallingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await em.findOne(Subscription, { id: subscriptionId, supersededAt: { $ne: null } })
  const id = subscription?.providerSubscriptionId
  if (!id) return
  // First, so that nothing can be paid any more while the credit is made of what was paid.
  await billing.provider.stopCollecting(id)
  await billing.provider.cancelWithCredit(id)
  // It may have been renewed in between.
  await billing.provider.stopCollecting(id)
}
