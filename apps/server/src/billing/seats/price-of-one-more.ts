import { countMembers } from '../../accounts/index.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { seatTermsOf } from '../plans/seat-terms.ts'
import type { ProviderSeatPrice } from '../providers/payment-provider.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'

/** What may be renewed. In all others the next payment is not the next period's. */
const RENEWING = new Set(['trialing', 'active', 'past_due'])

/**
 * What an account's next payment is if one more member joins now, computed by the provider.
 *
 * @returns null if a member costs nothing, or no payment is to come.
 * @throws {PaymentProviderError}
 */
export async function priceOfOneMore(scope: CallingScope, accountId: string): Promise<ProviderSeatPrice | null> {
  const { em } = scope
  const subscription = await findLiveSubscription(em, accountId)
  const seats = subscription && seatTermsOf(subscription)
  if (!seats || !RENEWING.has(subscription.status)) return null
  const { providerSubscriptionId: subscriptionId, providerItemId: itemId } = subscription
  const quantity = (await countMembers(em, accountId)) + 1
  if (quantity <= seats.included || !subscriptionId || !itemId || (await isElsewhere(scope, subscription))) return null
  return atProvider(scope, subscription.provider).billing.provider.previewQuantity({ subscriptionId, itemId, quantity })
}
