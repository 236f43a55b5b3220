import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import { subscriptionView } from './subscription-view.ts'

/** The user's live subscription (any status but `canceled`), with or without access. */
export async function currentSubscription(
  { em, billing }: BillingScope,
  input: { userId: string },
): Promise<SubscriptionView | null> {
  const subscription = await em.findOne(
    Subscription,
    { user: input.userId, status: { $ne: 'canceled' } },
    { populate: ['plan', 'scheduledPlan'] },
  )
  return subscription ? subscriptionView(subscription, await billing.time.now(), billing.settings) : null
}
