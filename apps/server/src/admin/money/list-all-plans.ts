import { Plan, planView, withRevision } from '../../billing/index.ts'
import type { Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { ListPlansInput, OperatorsPlanView } from '../plans.schemas.ts'
import { readPlanFigures } from './read-plan-figures.ts'

/** Lists all plans, also drafts and retired ones, in the order of the pricing page. They are few: one page has them all. */
export async function listAllPlans(
  { em }: Pick<AdminScope, 'em'>,
  { status }: ListPlansInput,
): Promise<Page<OperatorsPlanView>> {
  const plans = await em.find(Plan, status ? { status } : {}, {
    orderBy: { sortOrder: 'asc', priceCents: 'asc', id: 'asc' },
  })
  const figuresOf = await readPlanFigures(em)
  const items = plans.map((plan) => ({
    ...withRevision(planView(plan)),
    ...figuresOf(plan.id),
    ...{ status: plan.status, createdAt: plan.createdAt },
  }))
  return { items, nextCursor: null }
}
