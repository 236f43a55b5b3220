import { TIER_RANKS, type Tier } from '../access/tiers.ts'
import { intervalOf, timesPerYear, type IntervalColumns } from './billing-interval.ts'

/** The terms that decide whether a plan change is an upgrade. Both plans must have the same currency. */
export interface PlanTerms extends IntervalColumns {
  tier: Tier
  /** The price for one, in the currency's smallest unit. A change keeps the quantity, so that does not count. */
  priceCents: number
}

/** Whether the new plan has a higher tier or, at the same tier, a higher price per year. */
export function isUpgrade(from: PlanTerms, to: PlanTerms): boolean {
  if (to.tier !== from.tier) return TIER_RANKS[to.tier] > TIER_RANKS[from.tier]
  return perYear(to) > perYear(from)
}

/** Compares years, because a twelfth of a yearly price may not be a whole number. */
const perYear = (terms: PlanTerms): number => terms.priceCents * timesPerYear(intervalOf(terms))
