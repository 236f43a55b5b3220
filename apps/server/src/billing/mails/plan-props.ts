import { plannedEnd } from '../access/planned-end.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import type { Subscription } from '../subscription.entity.ts'

/** What a period costs, less the discounts that last. */
export function costOfPeriod({ priceCents, discountCents }: Subscription): number {
  return priceCents - (discountCents ?? 0)
}

/** When the first of the discounts ends; null if none does. */
function firstEnd({ discounts }: Subscription): string | null {
  return (discounts ?? []).flatMap(({ endsAt }) => endsAt ?? []).toSorted()[0] ?? null
}

/** What every email about a plan says of the subscription. `amountCents` is what a period costs. */
export function planProps(subscription: Subscription) {
  const { currency, billingPeriod, currentPeriodEnd } = subscription
  return {
    ...{ amountCents: costOfPeriod(subscription), currency, billingPeriod },
    discountEndsAt: firstEnd(subscription),
    interval: intervalOf(subscription),
    periodEnd: currentPeriodEnd.toISOString(),
    endsAt: plannedEnd(subscription)?.toISOString() ?? null,
    isTrial: subscription.status === 'trialing',
    isPaused: subscription.status === 'paused',
  }
}
