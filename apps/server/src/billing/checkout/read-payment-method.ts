import type { CallingScope } from '../billing-scope.ts'
import type { PaymentMethodView } from '../billing.schemas.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'

/**
 * Asks the provider what the next payment of an account's subscription is charged to.
 *
 * @returns null without a subscription at a provider, and if nothing is on file.
 * @throws {PaymentProviderError}
 */
export async function readPaymentMethod(
  { em, billing }: CallingScope,
  { accountId }: { accountId: string },
): Promise<PaymentMethodView | null> {
  const subscription = await findLiveSubscription(em, accountId)
  if (subscription?.provider !== billing.provider.name || !subscription.providerSubscriptionId) return null
  return billing.provider.fetchPaymentMethod(subscription.providerSubscriptionId)
}
