import { requireRevision, revisionOf } from '../../platform/revision.ts'
import type { PlanView, RevisedPlan } from '../billing.schemas.ts'
import type { Plan } from '../plan.entity.ts'
import { planView } from './plan-view.ts'

/** Stands for all that an admin can change about a plan. The rank belongs to its tier. */
const planRevision = ({ tierRank: _, ...terms }: PlanView): string => revisionOf(terms)

/** Adds its revision to a plan. */
export const withRevision = <View extends PlanView>(view: View): View & Pick<RevisedPlan, 'revision'> => ({
  ...view,
  revision: planRevision(view),
})

/**
 * @param seen what the caller has seen; without it, any state is fine.
 * @throws {RevisionStale} if the plan has changed since then.
 */
export function requireSeen(plan: Plan, seen: string | undefined): void {
  if (seen !== undefined) requireRevision(seen, planRevision(planView(plan)))
}
