import { atProvider, type CallingScope } from '../billing-scope.ts'
import { aloneAtProvider } from '../customers/alone-at-provider.ts'
import { reportOverage } from '../metering/report-overage.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Ends a subscription at the provider after another one has taken its place. What was paid for the time left goes to
 * the customer's balance. What was not paid is never collected. Every step can be repeated, and the job is retried
 * until it succeeds.
 *
 * @throws {PaymentProviderError}
 */
export async function cancelSuperseded(
  scope: CallingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId, supersededAt: { $ne: null } })
  const id = subscription?.providerSubscriptionId
  if (!id) return
  // Its last use is billed with its end.
  if (subscription.overage) await reportOverage(scope, { subscriptionId })
  const there = atProvider(scope, subscription.provider)
  const { provider } = there.billing
  // First, so that no more can be paid while the credit is computed from what was paid.
  await provider.stopCollecting(id)
  await aloneAtProvider(there, subscription.account.id, (alone) => alone.cancelWithCredit(id))
  // Again, because it may have been renewed in between.
  await provider.stopCollecting(id)
}
