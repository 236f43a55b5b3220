import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { findLiveSubscription } from './live-subscription.ts'
import { toSubscriptionView } from './subscription-view.ts'

/** The user's live subscription, with or without access; null if there is none. */
export async function currentSubscription(
  { em, billing }: BillingScope,
  input: { accountId: string },
): Promise<SubscriptionView | null> {
  const subscription = await findLiveSubscription(em, input.accountId)
  return subscription ? toSubscriptionView(subscription, await billing.time.now(), billing.settings) : null
}
