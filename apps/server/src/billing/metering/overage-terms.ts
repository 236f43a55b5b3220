import type { SubscriptionOverage } from '../overage.schemas.ts'
import type { Plan } from '../plan.entity.ts'
import { overagesOf } from '../plans/plan-overage.ts'
import type { Subscription } from '../subscription.entity.ts'
import { priceOf } from './overage-items.ts'

/**
 * The terms on which a subscription bills by use, with the prices that it has at the provider.
 *
 * Terms that have changed hold from now on.
 *
 * @returns null if it bills nothing by use.
 */
export function overageTerms({
  subscription,
  plan,
  present,
  billingNow,
}: {
  subscription: Subscription
  plan: Plan
  present: Parameters<typeof priceOf>[0]
  billingNow: Date
}): SubscriptionOverage | null {
  const terms: Record<string, SubscriptionOverage[string]> = {}
  for (const { feature, limit } of overagesOf(plan)) {
    const price = priceOf(present, { plan, billingPeriod: subscription.billingPeriod }, feature)
    if (!price) continue
    const before = subscription.overage?.[feature]
    terms[feature] =
      before?.priceId === price.id && before.limit === limit
        ? before
        : {
            ...{ priceId: price.id, limit, since: billingNow.toISOString() },
            periodStart: subscription.currentPeriodStart.toISOString(),
            usedBefore: 0,
          }
  }
  return Object.keys(terms).length > 0 ? terms : null
}
