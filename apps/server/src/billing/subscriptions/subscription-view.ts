import type { Loaded } from '@mikro-orm/core'
import { accessFacts } from '../access/access-facts.ts'
import { decideAccess } from '../access/decide-access.ts'
import { plannedEnd } from '../access/planned-end.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import type { BillingSettings } from '../billing.settings.ts'
import type { Plan } from '../plan.entity.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import { planView } from '../plans/plan-view.ts'
import { CAPABILITIES, type SubscriptionProvider } from '../providers/capabilities.ts'
import type { RecoveryView } from '../recovery.schemas.ts'
import type { Subscription } from '../subscription.entity.ts'

function cardManagementOf(provider: SubscriptionProvider): SubscriptionView['cardManagement'] {
  const { portal, cards } = CAPABILITIES[provider]
  if (portal) return 'portal'
  return cards ? 'cards' : null
}

/** A subscription as its owner may see it, with the decision about access. */
export function toSubscriptionView(
  subscription: Loaded<Subscription, 'plan' | 'scheduledPlan'>,
  billingNow: Date,
  settings: BillingSettings,
  recovery: RecoveryView | null = null,
): SubscriptionView {
  const { status, currentPeriodEnd, cancelAtPeriodEnd, provider, scheduledAt } = subscription
  const { pausedFrom = null, pausedUntil = null } = subscription
  const scheduledPlan = subscription.scheduledPlan?.$
  return {
    id: subscription.id,
    accountId: subscription.account.id,
    status,
    provider,
    plan: planView(subscription.plan.$),
    priceCents: subscription.priceCents,
    unitPriceCents: subscription.unitPrice(),
    quantity: subscription.quantity,
    discountCents: subscription.discountCents ?? 0,
    discounts: (subscription.discounts ?? []).map((discount) => ({
      ...discount,
      endsAt: discount.endsAt === null ? null : new Date(discount.endsAt),
    })),
    currency: subscription.currency,
    billingPeriod: subscription.billingPeriod,
    interval: intervalOf(subscription),
    cardManagement: cardManagementOf(provider),
    startedAt: subscription.startedAt,
    timeZone: settings.timeZones.get(provider) ?? null,
    currentPeriodStart: subscription.currentPeriodStart,
    currentPeriodEnd,
    cancelAtPeriodEnd,
    cancelAt: subscription.isLive() ? plannedEnd(subscription) : null,
    pause: subscription.isLive() && pausedFrom ? { from: pausedFrom, until: pausedUntil } : null,
    canceledAt: subscription.canceledAt ?? null,
    endedAt: subscription.endedAt ?? null,
    scheduledChange: scheduledPlan && scheduledAt ? scheduledChange(subscription, scheduledPlan, scheduledAt) : null,
    ...decideAccess(accessFacts(subscription), billingNow, settings),
    recovery,
  }
}

function scheduledChange(
  { scheduledBillingPeriod, scheduledUnitPriceCents }: Subscription,
  plan: Plan,
  at: Date,
): SubscriptionView['scheduledChange'] {
  const { billingPeriod, priceCents } = plan
  return {
    ...{ plan: planView(plan), at },
    billingPeriod: scheduledBillingPeriod ?? billingPeriod,
    unitPriceCents: scheduledUnitPriceCents ?? priceCents,
  }
}
