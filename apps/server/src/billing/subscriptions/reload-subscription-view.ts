import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import { readRecoveries } from './read-recoveries.ts'
import { toSubscriptionView } from './subscription-view.ts'

/** Reads a subscription again after a transaction has changed it, as its owner may see it. */
export async function reloadSubscriptionView({ em, billing }: BillingScope, id: string): Promise<SubscriptionView> {
  const subscription = await em.fork().findOneOrFail(Subscription, { id }, { populate: ['plan', 'scheduledPlan'] })
  const recovery = (await readRecoveries(em.fork(), [subscription])).get(id)
  return toSubscriptionView(subscription, await billing.time.now(), billing.settings, recovery)
}
