import type { RouterOutputs } from '@tollgate/client'

type Plan = RouterOutputs['billing']['plans']['list'][number]
export type Period = Plan['billingPeriod']

/** What is on sale under one name: monthly, yearly, or both. */
export type Offer = Partial<Record<Period, Plan>>

/**
 * Puts a monthly and a yearly price together: those of one plan, or of two plans with the same name, tier and currency.
 * The order of the plans stays: an offer stands where its first plan stood.
 *
 * @param plans each at one price.
 */
export function offersOf(plans: readonly Plan[]): Offer[] {
  const offers: { key: string; offer: Offer }[] = []
  for (const plan of plans) {
    const key = `${plan.tier} ${plan.currency} ${plan.name}`
    const halves = offers.filter((each) => each.key === key && !each.offer[plan.billingPeriod])
    const half = halves.find(({ offer }) => planFor(offer, 'monthly')?.id === plan.id) ?? halves[0]
    if (half) half.offer[plan.billingPeriod] = plan
    else offers.push({ key, offer: { [plan.billingPeriod]: plan } })
  }
  return offers.map(({ offer }) => offer)
}

/** The plan of an offer for a period, or else its only plan. */
export const planFor = (offer: Offer, period: Period): Plan | undefined =>
  offer[period] ?? offer.monthly ?? offer.yearly

/** Which part of the price yearly payment saves, from 0 to 1. */
export function savingOf({ monthly, yearly }: Offer): number {
  if (!monthly || !yearly || monthly.priceCents === 0) return 0
  return Math.max(0, 1 - yearly.priceCents / (12 * monthly.priceCents))
}
