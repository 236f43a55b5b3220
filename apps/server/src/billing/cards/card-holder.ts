import type { CallingScope } from '../billing-scope.ts'
import { NoSubscription, ProviderUnsupported } from '../billing.errors.ts'
import { PROVIDER_LABELS } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { findLiveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'

/** An account's live subscription whose cards are managed here. */
export interface CardHolder {
  subscription: LiveSubscription
  /** Its id at the provider. */
  subscriptionId: string
}

/**
 * Finds the subscription whose cards the caller manages.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported} if its provider has a portal for cards, it is a grant, or it is in another account of its
 *   provider: there, the same id may be another customer's.
 * @throws {PaymentProviderError}
 */
export async function cardHolder(scope: CallingScope, accountId: string): Promise<CardHolder> {
  const subscription = await findLiveSubscription(scope.em, accountId)
  if (!subscription) throw new NoSubscription()
  const { provider, providerSubscriptionId } = subscription
  const { cards, portal } = CAPABILITIES[provider]
  if (!cards || !providerSubscriptionId) {
    throw new ProviderUnsupported(
      portal
        ? `${PROVIDER_LABELS[provider]} keeps the cards of your subscription. Manage them on its own page.`
        : 'Nothing is charged for your subscription, so it has no cards.',
    )
  }
  if (await isElsewhere(scope, subscription)) throw new ProviderUnsupported()
  return { subscription, subscriptionId: providerSubscriptionId }
}
