import type { BillingScope } from './billing-scope.ts'
import { Subscription } from './subscription.entity.ts'

/**
 * Ends at the provider what an upgrade has put another subscription in the place of; what was paid for the time left
 * goes to the customer's balance. A repeat finds it ended and does nothing.
 *
 * @throws {PaymentProviderError} and is tried again until done.
 */
export async function cancelSuperseded(
  { em, billing }: BillingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await em.findOne(Subscription, { id: subscriptionId, supersededAt: { $ne: null } })
  if (!subscription?.providerSubscriptionId) return
  await billing.provider.cancel({ subscriptionId: subscription.providerSubscriptionId, at: 'now', credit: true })
}
