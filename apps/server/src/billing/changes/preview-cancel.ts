import { accessFacts } from '../access/access-facts.ts'
import { decideAccess } from '../access/decide-access.ts'
import { plannedEnd } from '../access/planned-end.ts'
import type { BillingScope } from '../billing-scope.ts'
import { SubscriptionNotFound } from '../billing.errors.ts'
import { Payment } from '../payment.entity.ts'
import { paymentView } from '../payments/payment-view.ts'
import { Subscription } from '../subscription.entity.ts'
import { toSubscriptionView } from '../subscriptions/subscription-view.ts'
import type { CancelAnySubscriptionInput, CancelPreview } from '../support.schemas.ts'

/**
 * What canceling a subscription would do, by what our rows say. It changes nothing.
 *
 * @throws {SubscriptionNotFound}
 */
export async function previewCancel(
  { em, billing }: BillingScope,
  { id, at }: CancelAnySubscriptionInput,
): Promise<CancelPreview> {
  const subscription = await em.findOne(Subscription, { id }, { populate: ['plan', 'scheduledPlan'] })
  if (!subscription) throw new SubscriptionNotFound()
  const billingNow = await billing.time.now()
  const isLive = subscription.isLive()
  const { currentPeriodEnd, cancelAtPeriodEnd, cancelAt = null } = subscription
  const { scheduledChange } = toSubscriptionView(subscription, billingNow, billing.settings)
  const paid = await em.findOne(
    Payment,
    { account: subscription.account.id, subscription: id, status: { $in: ['succeeded', 'partially_refunded'] } },
    { orderBy: { createdAt: 'desc', id: 'desc' } },
  )
  const endsAt =
    at === 'now'
      ? billingNow
      : (plannedEnd({ cancelAt, currentPeriodEnd, cancelAtPeriodEnd: true }) ?? currentPeriodEnd)
  const ending = { ...accessFacts(subscription), endsAt }
  const { accessUntil } = decideAccess(ending, billingNow, billing.settings)
  return {
    endsAt: isLive ? endsAt : null,
    isDone: !isLive || (at === 'period_end' && cancelAtPeriodEnd),
    accessUntil: isLive && at === 'period_end' ? accessUntil : null,
    refundedCents: 0,
    refundable: paid?.isRefundable() ? paymentView(paid) : null,
    scheduledChange: isLive ? scheduledChange : null,
  }
}
