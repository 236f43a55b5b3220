import type { Loaded } from '@mikro-orm/core'
import { decideAccess } from '../access/decide-access.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import { planView } from '../plans/plan-view.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import type { Subscription } from '../subscription.entity.ts'

/** A subscription as its owner may see it, with the decision about access. */
export function toSubscriptionView(
  subscription: Loaded<Subscription, 'plan' | 'scheduledPlan'>,
  billingNow: Date,
  policy: AccessPolicy,
): SubscriptionView {
  const { status, currentPeriodEnd, cancelAtPeriodEnd, pastDueSince, provider, scheduledAt } = subscription
  const scheduledPlan = subscription.scheduledPlan?.$
  const facts = { status, currentPeriodEnd, cancelAtPeriodEnd, pastDueSince, renews: CAPABILITIES[provider].renews }
  return {
    id: subscription.id,
    status,
    provider,
    plan: planView(subscription.plan.$),
    priceCents: subscription.priceCents,
    unitPriceCents: subscription.unitPrice(),
    quantity: subscription.quantity,
    currency: subscription.currency,
    billingPeriod: subscription.billingPeriod,
    startedAt: subscription.startedAt,
    currentPeriodStart: subscription.currentPeriodStart,
    currentPeriodEnd,
    cancelAtPeriodEnd,
    canceledAt: subscription.canceledAt ?? null,
    endedAt: subscription.endedAt ?? null,
    scheduledChange: scheduledPlan && scheduledAt ? { plan: planView(scheduledPlan), at: scheduledAt } : null,
    ...decideAccess({ ...facts, pastDueSince: pastDueSince ?? null }, billingNow, policy),
  }
}
