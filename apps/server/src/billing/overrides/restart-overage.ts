import type { EntityManager } from '@mikro-orm/postgresql'
import { beginTerms } from '../metering/overage-terms.ts'
import { settleOverage } from '../metering/settle-overage.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'

/**
 * Restarts the terms of a feature before an account's override of it changes: what was used until now counts as included.
 * It is owed only if no override allowed it.
 */
export async function restartOverage(
  em: EntityManager,
  {
    accountId,
    feature,
    isOverridden,
    billingNow,
    wallNow,
  }: { accountId: string; feature: string; isOverridden: boolean; billingNow: Date; wallNow: Date },
): Promise<void> {
  const subscription = await em.findOne(Subscription, liveOf(accountId), LOCKED_ROW)
  const terms = subscription?.overage?.[feature]
  if (!subscription || !terms) return
  if (!isOverridden) await settleOverage(em, { subscriptionId: subscription.id, billingNow, wallNow })
  const included = isOverridden ? null : terms.limit
  const begin = await beginTerms(em, { subscription, feature, before: terms, included, billingNow })
  subscription.overage = { ...subscription.overage, [feature]: { ...terms, ...begin } }
  await em.flush()
}
