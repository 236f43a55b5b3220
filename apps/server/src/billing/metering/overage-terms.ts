import type { EntityManager } from '@mikro-orm/postgresql'
import type { OverageTerms, SubscriptionOverage } from '../overage.schemas.ts'
import type { Plan } from '../plan.entity.ts'
import { overagesOf } from '../plans/plan-overage.ts'
import type { Subscription } from '../subscription.entity.ts'
import { priceOf } from './overage-items.ts'
import { readIncludedUse } from './read-included-use.ts'

/**
 * The terms on which a subscription bills by use, with the prices that it has at the provider.
 *
 * Terms that have changed hold from now on. What was used before in the same period counts as included: no one pays
 * later for what was used or reserved within the limit.
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
            ...{ priceId: price.id, limit },
            ...(await beginTerms(em, { subscription, feature, before, included: before?.limit ?? null, billingNow })),
          }
  }
  return Object.keys(terms).length > 0 ? terms : null
}

/**
 * Since when new terms of a feature hold, and what had been used by then.
 *
 * Reports are numbered from there, so it is later than where those of the terms before begin, also on a clock that
 * stands still.
 *
 * @param of.included how much was included until now; null if nothing was billed.
 */
export async function beginTerms(
  em: EntityManager,
  {
    subscription,
    feature,
    before,
    included,
    billingNow,
  }: {
    subscription: Pick<Subscription, 'account' | 'currentPeriodStart'>
    feature: string
    before: OverageTerms | undefined
    included: number | null
    billingNow: Date
  },
): Promise<Pick<OverageTerms, 'since' | 'periodStart' | 'usedBefore'>> {
  const { currentPeriodStart } = subscription
  const last = before ? Math.max(Date.parse(before.since), currentPeriodStart.getTime()) : 0
  return {
    since: new Date(Math.max(billingNow.getTime(), last + 1)).toISOString(),
    periodStart: currentPeriodStart.toISOString(),
    usedBefore: await readIncludedUse(em, subscription, { feature, included }),
  }
}
