import type { EntityManager } from '@mikro-orm/postgresql'
import type { SubscriptionOverage } from '../overage.schemas.ts'
import type { Plan } from '../plan.entity.ts'
import { overagesOf } from '../plans/plan-overage.ts'
import type { Subscription } from '../subscription.entity.ts'
import { priceOf } from './overage-items.ts'
import { readSettledUse } from './read-settled-use.ts'

/**
 * The terms on which a subscription bills by use, with the prices that it has at the provider.
 *
 * Terms that have changed hold from now on. What was used before in the same period counts as included: no one pays
 * later for what was within the limit.
 *
 * @returns null if it bills nothing by use.
 */
export async function overageTerms(
  em: EntityManager,
  {
    subscription,
    plan,
    present,
    billingNow,
  }: {
    subscription: Subscription
    plan: Plan
    present: Parameters<typeof priceOf>[0]
    billingNow: Date
  },
): Promise<SubscriptionOverage | null> {
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
            usedBefore: await readSettledUse(em, subscription, feature),
          }
  }
  return Object.keys(terms).length > 0 ? terms : null
}
