import { plannedEnd } from '../access/planned-end.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'

/** What the next period costs, less the discounts that still run when it begins. */
export function costOfNextPeriod(subscription: Subscription): number {
  return subscription.priceCents - (lastsBeyondPeriod(subscription) ? (subscription.discountCents ?? 0) : 0)
}

function lastsBeyondPeriod({ discounts, currentPeriodEnd }: Subscription): boolean {
  return (discounts ?? []).some(
    ({ duration, endsAt }) => duration !== 'once' && (endsAt === null || new Date(endsAt) > currentPeriodEnd),
  )
}

/** When the first of the discounts ends; null if none does. */
function firstEnd({ discounts }: Subscription): string | null {
  return (discounts ?? []).flatMap(({ endsAt }) => endsAt ?? []).toSorted()[0] ?? null
}

/** What every email about a plan says. `amountCents` is what a period costs, less the discounts that last. */
export function planProps(subscription: Subscription) {
  const { currency, billingPeriod, currentPeriodEnd } = subscription
  const isTrial = subscription.status === 'trialing'
  const fullCents = subscription.priceCents
  // A trial costs nothing, so its price is that of the period after it.
  const amountCents = isTrial ? costOfNextPeriod(subscription) : fullCents - (subscription.discountCents ?? 0)
  return {
    ...{ amountCents, currency, billingPeriod, isTrial },
    discountEndsAt: amountCents < fullCents ? firstEnd(subscription) : null,
    interval: intervalOf(subscription),
    periodEnd: currentPeriodEnd.toISOString(),
    endsAt: plannedEnd(subscription)?.toISOString() ?? null,
    isPaused: subscription.status === 'paused',
  }
}

/** What every email about an invoice says of it and of the plan. `priceCents` is what a period costs. */
export function invoiceProps(
  subscription: Subscription,
  { amountCents, subtotalCents, discountCents, currency, url: invoiceUrl }: ProviderInvoice,
) {
  const { amountCents: priceCents, ...plan } = planProps(subscription)
  return { ...plan, amountCents, priceCents, isOverNothing: subtotalCents <= discountCents, currency, invoiceUrl }
}
