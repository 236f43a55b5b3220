import { PlanInactive, PlanNotFound } from '../billing.errors.ts'
import type { Plan } from '../plan.entity.ts'

/**
 * Returns the plan if an admin may still change it.
 *
 * @throws {PlanNotFound} also for a draft, because drafts are invisible
 * @throws {PlanInactive} when the plan is retired
 */
export function activePlan(plan: Plan | null): Plan {
  if (!plan || plan.status === 'draft') throw new PlanNotFound()
  if (!plan.isActive()) throw new PlanInactive()
  return plan
}
