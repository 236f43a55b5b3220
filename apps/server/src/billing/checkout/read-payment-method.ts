import { atProvider, isConfigured, type CallingScope } from '../billing-scope.ts'
import type { PaymentMethodView } from '../billing.schemas.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'

/**
 * Asks the provider what the next payment of an account's subscription is charged to.
 *
 * @returns null without a subscription at a provider, and if nothing is on file.
 * @throws {PaymentProviderError}
 */
export async function readPaymentMethod(
  scope: CallingScope,
  { accountId }: { accountId: string },
): Promise<PaymentMethodView | null> {
  const subscription = await findLiveSubscription(scope.em, accountId)
  if (!subscription?.providerSubscriptionId || !isConfigured(scope, subscription.provider)) return null
  const { billing } = atProvider(scope, subscription.provider)
  return billing.provider.fetchPaymentMethod(subscription.providerSubscriptionId)
}
