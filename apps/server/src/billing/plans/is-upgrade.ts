import { TIER_RANKS, type Tier } from '../access/tiers.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { intervalOf, timesPerYear, type IntervalColumns } from './billing-interval.ts'
import { costOfMembers, seatTermsOf } from './seat-terms.ts'

/** The terms that decide whether a plan change is an upgrade. Both plans must have the same currency. */
export interface PlanTerms extends IntervalColumns {
  tier: Tier
  /**
   * In the currency's smallest unit: the price for the account's members, or for one. Without a price per member, a
   * change keeps the quantity, so that does not count.
   */
  priceCents: number
}

/** The terms of a plan at one of its prices, for an account with so many members, if it is bought today. */
export function termsToday(plan: Plan, offer: Offer, members: number): PlanTerms {
  const { billingPeriod, priceCents, perSeatCents } = offer
  const seats = seatTermsOf({ includedSeats: plan.includedSeats, perSeatCents })
  return { tier: plan.tier, billingPeriod, priceCents: costOfMembers(priceCents, seats, members) }
}

/** Whether the new plan has a higher tier or, at the same tier, a higher price per year. */
export function isUpgrade(from: PlanTerms, to: PlanTerms): boolean {
  if (to.tier !== from.tier) return TIER_RANKS[to.tier] > TIER_RANKS[from.tier]
  return perYear(to) > perYear(from)
}

/** Compares years, because a twelfth of a yearly price may not be a whole number. */
const perYear = (terms: PlanTerms): number => terms.priceCents * timesPerYear(intervalOf(terms))
