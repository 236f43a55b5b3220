import type { PlanView } from '../billing.schemas.ts'
import type { Plan } from '../plan.entity.ts'

/** The public fields of a plan. */
export function planView(plan: Plan): PlanView {
  const { id, code, name, priceCents, currency, billingPeriod, tier, trialDays } = plan
  return { id, code, name, priceCents, currency, billingPeriod, tier, trialDays, isActive: plan.isActive() }
}
