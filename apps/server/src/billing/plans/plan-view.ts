import { rankOf } from '../access/tiers.ts'
import type { PlanView } from '../billing.schemas.ts'
import type { Plan } from '../plan.entity.ts'

/** The public fields of a plan. */
export function planView(plan: Plan): PlanView {
  const { id, code, name, description, sortOrder, highlighted } = plan
  const { priceCents, currency, billingPeriod, tier, trialDays } = plan
  return {
    id,
    code,
    name,
    description: description ?? null,
    sortOrder,
    highlighted,
    priceCents,
    currency,
    billingPeriod,
    tier,
    tierRank: rankOf(plan),
    trialDays,
    seats: plan.seats(),
    features: plan.features,
    provider: plan.provider,
    prices: plan.offers(),
    isActive: plan.isActive(),
  }
}

/** A plan's seats as its columns. */
export function seatsOfPlan(seats: PlanView['seats']) {
  const { included = null, perSeatCents = null, max = null } = seats ?? {}
  return { includedSeats: included, perSeatCents, maxSeats: max }
}
