import { rankOf } from '../access/tiers.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { intervalOf, timesPerYear, type IntervalColumns } from './billing-interval.ts'
import { costOfMembers, seatTermsOf } from './seat-terms.ts'

/** The terms that decide whether a plan change is an upgrade. Both plans must have the same currency. */
export interface PlanTerms extends IntervalColumns {
  /** The rank of its tier. */
  rank: number
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
  return { rank: rankOf(plan), billingPeriod, priceCents: costOfMembers(priceCents, seats, members) }
}

/** Whether the new plan has a higher tier or, at the same tier, a higher price per year. */
export function isUpgrade(from: PlanTerms, to: PlanTerms): boolean {
  if (to.rank !== from.rank) return to.rank > from.rank
  return perYear(to) > perYear(from)
}

/** Compares years, because a twelfth of a yearly price may not be a whole number. */
const perYear = (terms: PlanTerms): number => terms.priceCents * timesPerYear(intervalOf(terms))
