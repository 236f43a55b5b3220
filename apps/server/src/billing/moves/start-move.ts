import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import type { CallingScope } from '../billing-scope.ts'
import { PreviewStale } from '../billing.errors.ts'
import { MoveSubscribers } from '../billing.queues.ts'
import { PlanMove } from '../plan-move.entity.ts'
import { PlanMoveOpen } from '../plan-move.errors.ts'
import type { MovePlanInput } from '../plan-move.schemas.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { ensurePlanPrice } from '../plans/ensure-plan-price.ts'
import { priceRef } from '../plans/price-ref.ts'
import { seatTermsOf } from '../plans/seat-terms.ts'
import { subscribersOf } from './movable.ts'
import { findPlans } from './preview-move.ts'

/**
 * Orders the move of a plan's subscribers. A job moves them, one by one, through the same code as their own change of
 * plan. It is about those who have the plan now. While a move of the plan is open, no second one begins, so a repeat
 * after a lost answer starts nothing.
 *
 * @returns the move's id.
 * @throws {PlanNotFound} if there is no such plan, or the target is not on sale.
 * @throws {InvalidInput} if the target is not sold for this period or in this currency.
 * @throws {ProviderUnsupported} if the target's provider is not configured.
 * @throws {PreviewStale} if the target's price has other terms than the preview said.
 * @throws {PlanMoveOpen}
 * @throws {PaymentProviderError}
 */
export async function startMove(scope: CallingScope, actor: AuditActor, input: MovePlanInput): Promise<{ id: string }> {
  const { em, jobs, clock } = scope
  const { planId, toPlanCode, at, priceRef: seen, unitPriceCents, startedBefore } = input
  const { to, offer } = await findPlans(scope, input)
  const { id: priceId } = await ensurePlanPrice(scope, to, offer)
  const price = await em.findOneOrFail(PlanPrice, { id: priceId })
  if (priceRef(to.id, price, seatTermsOf(price)) !== seen) throw new PreviewStale()
  const id = newId()
  return em
    .transactional(async (em) => {
      const open = await em.count(PlanMove, { fromPlan: planId, finishedAt: null })
      if (open > 0) throw new PlanMoveOpen()
      em.create(PlanMove, {
        ...{ id, fromPlan: planId, price: priceId, at, createdAt: clock.now(), actorId: actor.actorId },
        ...{ unitPriceCents: unitPriceCents ?? null, startedBefore: startedBefore ?? null },
      })
      await em.flush()
      // An array, because rows of a million subscribers take longer than a call may. The job makes them.
      const { where, values } = subscribersOf(planId, { plan: to, offer }, { unitPriceCents, startedBefore })
      await em.execute(
        `update plan_moves set listed = (select coalesce(array_agg(s.id), '{}') from subscriptions s where ${where}) where id = ?`,
        [...values, id],
      )
      recordAudit({ em, clock }, actor, {
        ...{ action: 'plan.move', targetType: 'plan', targetId: planId, before: null },
        after: {
          moveId: id,
          toPlanCode,
          at,
          priceCents: price.priceCents,
          billingPeriod: price.billingPeriod,
          unitPriceCents,
          startedBefore,
        },
      })
      await jobs.send(em, MoveSubscribers, {})
      return { id }
    })
    .catch((error: unknown) => {
      throw error instanceof UniqueConstraintViolationException ? new PlanMoveOpen() : error
    })
}
