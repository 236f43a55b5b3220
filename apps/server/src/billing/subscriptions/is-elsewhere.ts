import { atProvider, type CallingScope } from '../billing-scope.ts'
import { isForeign, OTHER_ACCOUNT } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Whether a subscription belongs to another account or mode of its provider than our key, so that it can't be reached.
 * If its row does not know the account, the provider is asked whether it knows the subscription.
 *
 * @throws {ProviderUnsupported} if its provider is not configured.
 * @throws {PaymentProviderError}
 */
export async function isElsewhere(scope: CallingScope, subscription: Subscription): Promise<boolean> {
  const { id, providerSubscriptionId, providerAccount } = subscription
  if (!providerSubscriptionId) return false
  const { em, billing } = atProvider(scope, subscription.provider)
  if (providerAccount) return isForeign(providerAccount, await billing.provider.account())
  if (await billing.provider.fetchSubscription(providerSubscriptionId)) return false

  // Stripe keeps subscriptions forever, so one that it does not know is in another account or mode.
  await em.nativeUpdate(Subscription, { id }, { providerAccount: OTHER_ACCOUNT })
  subscription.providerAccount = OTHER_ACCOUNT
  return true
}
