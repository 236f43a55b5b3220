import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { BillingScope } from '../billing-scope.ts'
import { ExpirePlanCheckouts, SyncPlan } from '../billing.queues.ts'
import type { PlanView } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { activePlan } from './active-plan.ts'
import { planView } from './plan-view.ts'
import { tellProvider } from './sync-plan.ts'

/**
 * Takes a plan off the list, for good: nobody new may take it, payment pages for it close, and those
 * who have it keep it.
 *
 * That counts at once, whether or not the provider can be reached: it hears of it now, or else from the job.
 *
 * @throws {PlanNotFound} {PlanInactive}
 */
export async function retirePlan(scope: BillingScope, actor: AuditActor, { id }: { id: string }): Promise<PlanView> {
  const view = await scope.em.transactional(async (em) => {
    const plan = activePlan(await em.findOne(Plan, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }))
    const before = planView(plan)
    plan.status = 'retired'
    const after = planView(plan)
    recordAudit({ ...scope, em }, actor, { action: 'plan.delete', targetType: 'plan', targetId: id, before, after })
    await scope.jobs.send(em, SyncPlan, { planId: id })
    await scope.jobs.send(em, ExpirePlanCheckouts, { planId: id })
    return after
  })
  await tellProvider(scope, { planId: id })
  return view
}
