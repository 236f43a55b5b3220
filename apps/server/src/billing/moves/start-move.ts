import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import type { CallingScope } from '../billing-scope.ts'
import { PreviewStale } from '../billing.errors.ts'
import { MoveSubscribers } from '../billing.queues.ts'
import { PlanMove } from '../plan-move.entity.ts'
import { PlanMoveOpen } from '../plan-move.errors.ts'
import type { MovePlanInput } from '../plan-move.schemas.ts'
import { ensurePlanPrice } from '../plans/ensure-plan-price.ts'
import { findPlans } from './preview-move.ts'

/**
 * Orders the move of a plan's subscribers. A job moves them, one by one, through the same code as their own change of
 * plan. While a move of the plan is open, no second one begins, so a repeat after a lost answer starts nothing.
 *
 * @returns the move's id.
 * @throws {PlanNotFound} if there is no such plan, or the target is not on sale.
 * @throws {PreviewStale} if the target has another price than the preview said.
 * @throws {PlanMoveOpen}
 * @throws {PaymentProviderError}
 */
export async function startMove(
  scope: CallingScope,
  actor: AuditActor,
  { planId, toPlanCode, at, priceCents, unitPriceCents, startedBefore }: MovePlanInput,
): Promise<{ id: string }> {
  const { em, jobs, clock } = scope
  const { to } = await findPlans(scope, { planId, toPlanCode })
  const price = await ensurePlanPrice(scope, to)
  if (to.priceCents !== priceCents || price.priceCents !== priceCents) throw new PreviewStale()
  const id = newId()
  return em
    .transactional(async (em) => {
      const open = await em.count(PlanMove, { fromPlan: planId, finishedAt: null })
      if (open > 0) throw new PlanMoveOpen()
      em.create(PlanMove, {
        ...{ id, fromPlan: planId, price: price.id, at, createdAt: clock.now(), actorId: actor.actorId },
        ...{ unitPriceCents: unitPriceCents ?? null, startedBefore: startedBefore ?? null },
      })
      await em.flush()
      recordAudit({ em, clock }, actor, {
        ...{ action: 'plan.move', targetType: 'plan', targetId: planId, before: null },
        after: { moveId: id, toPlanCode, at, priceCents, unitPriceCents, startedBefore },
      })
      await jobs.send(em, MoveSubscribers, {})
      return { id }
    })
    .catch((error: unknown) => {
      throw error instanceof UniqueConstraintViolationException ? new PlanMoveOpen() : error
    })
}
