import { plannedEnd } from '../access/planned-end.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import type { Subscription } from '../subscription.entity.ts'

/** What every email about a plan says of the subscription. `amountCents` is the price of a period. */
export function planProps(subscription: Subscription) {
  const { priceCents: amountCents, currency, billingPeriod, currentPeriodEnd } = subscription
  return {
    ...{ amountCents, currency, billingPeriod },
    interval: intervalOf(subscription),
    periodEnd: currentPeriodEnd.toISOString(),
    endsAt: plannedEnd(subscription)?.toISOString() ?? null,
    isTrial: subscription.status === 'trialing',
    isPaused: subscription.status === 'paused',
  }
}
