import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { CallingScope } from '../billing-scope.ts'
import { ExpirePlanCheckouts, SyncPlan } from '../billing.queues.ts'
import type { PlanView, RetirePlanInput } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { activePlan } from './active-plan.ts'
import { requireSeen } from './plan-revision.ts'
import { planView } from './plan-view.ts'
import { trySyncPlan } from './sync-plan.ts'

/**
 * Retires a plan for good: it gets no new subscribers, its open checkout pages expire, and its subscribers keep it.
 *
 * This takes effect at once, even if the provider is unreachable. The provider is updated now or by a job.
 *
 * @throws {PlanNotFound}
 * @throws {PlanInactive} when it is already retired
 * @throws {RevisionStale} if the plan has changed since the caller read it
 */
export async function retirePlan(
  scope: CallingScope,
  actor: AuditActor,
  { id, revision }: RetirePlanInput,
): Promise<PlanView> {
  const view = await scope.em.transactional(async (em) => {
    const plan = activePlan(await em.findOne(Plan, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }))
    requireSeen(plan, revision)
    const before = planView(plan)
    plan.status = 'retired'
    const after = planView(plan)
    recordAudit({ ...scope, em }, actor, { action: 'plan.delete', targetType: 'plan', targetId: id, before, after })
    await scope.jobs.send(em, SyncPlan, { planId: id })
    await scope.jobs.send(em, ExpirePlanCheckouts, { planId: id })
    return after
  })
  await trySyncPlan(scope, { planId: id })
  return view
}
