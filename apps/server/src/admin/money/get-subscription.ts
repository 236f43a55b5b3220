import {
  discountsRevision,
  graceEnd,
  Payment,
  paymentView,
  readRecoveries,
  readUpcoming,
  Subscription,
  SubscriptionNotFound,
  toSubscriptionView,
} from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { SubscriptionDetails } from '../money.schemas.ts'

/** Maximum number of payments that come with a subscription. The list of payments has them all. */
const PAYMENTS = 12

/**
 * Returns a subscription with its owner, its latest payments, and the plan that waits for its end.
 *
 * @throws {SubscriptionNotFound}
 */
export async function getSubscription(
  { em, billing }: AdminScope,
  { id }: { id: string },
): Promise<SubscriptionDetails> {
  const subscription = await em.findOne(Subscription, { id }, { populate: ['plan', 'scheduledPlan'] })
  if (!subscription) throw new SubscriptionNotFound()
  const { account, status } = subscription
  const pastDueSince = subscription.pastDueSince ?? null
  const ownerOf = await readOwnersOf(em, [subscription])
  const recovery = (await readRecoveries(em, [subscription])).get(id)
  const payments = await em.find(
    Payment,
    { account: account.id, subscription: id },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: PAYMENTS },
  )
  const view = toSubscriptionView(subscription, await billing.time.now(), billing.settings, recovery)
  const facts = { currentPeriodEnd: view.currentPeriodEnd, pastDueSince, endsAt: view.cancelAt }
  return {
    ...view,
    ...ownerOf(subscription),
    providerSubscriptionId: subscription.providerSubscriptionId ?? null,
    discountsRevision: discountsRevision(subscription),
    pastDueSince,
    graceEndsAt: status === 'past_due' ? graceEnd(facts, billing.settings) : null,
    upcoming: subscription.isLive() ? await readUpcoming({ em }, { accountId: account.id }) : null,
    payments: payments.map(paymentView),
  }
}
