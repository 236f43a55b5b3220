import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { BillingScope } from '../billing-scope.ts'
import { PlanMove } from '../plan-move.entity.ts'
import { PlanMoveNotFound } from '../plan-move.errors.ts'

/**
 * Stops a move. Who has moved stays moved. One that is over stays as it is, so a repeat does nothing.
 *
 * @throws {PlanMoveNotFound}
 */
export async function stopMove(
  { em, clock }: BillingScope,
  actor: AuditActor,
  { id }: { id: string },
): Promise<{ id: string }> {
  return em.transactional(async (em) => {
    const move = await em.findOne(PlanMove, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    if (!move) throw new PlanMoveNotFound()
    if (move.finishedAt) return { id }
    const now = clock.now()
    move.finishedAt = now
    move.stoppedAt = now
    recordAudit({ em, clock }, actor, {
      ...{ action: 'plan.stop_move', targetType: 'plan', targetId: move.fromPlan.id },
      ...{ before: null, after: { moveId: id } },
    })
    return { id }
  })
}
