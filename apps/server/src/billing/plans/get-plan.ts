import type { BillingScope } from '../billing-scope.ts'
import { PlanNotFound } from '../billing.errors.ts'
import type { PlanView } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { planView } from './plan-view.ts'

/**
 * Returns one plan, even if it is retired, because subscribers still pay for it.
 *
 * @throws {PlanNotFound} also for a draft, because drafts are invisible
 */
export async function getPlan({ em }: BillingScope, input: { id: string }): Promise<PlanView> {
  const plan = await em.findOne(Plan, { id: input.id, status: { $ne: 'draft' } })
  if (!plan) throw new PlanNotFound()
  return planView(plan)
}
