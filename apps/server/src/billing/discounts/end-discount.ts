import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { EndDiscount } from '../billing.queues.ts'
import { Discount } from '../discount.entity.ts'
import { DiscountEnded, DiscountNotFound } from '../discount.errors.ts'
import type { DiscountView } from '../discount.schemas.ts'
import { discountView } from './discount-view.ts'

/**
 * Ends a discount: its code can't be redeemed any more, and operators can't give it. It goes on for those who have it.
 * This takes effect here at once. At the provider, the code is ended now or by a job.
 *
 * @throws {DiscountNotFound}
 * @throws {DiscountEnded} if it has ended already
 */
export async function endDiscount(
  scope: CallingScope,
  actor: AuditActor,
  { id }: { id: string },
): Promise<DiscountView> {
  const view = await scope.em.transactional(async (em) => {
    const discount = await em.findOne(Discount, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    if (!discount || discount.status === 'draft') throw new DiscountNotFound()
    if (discount.status === 'ended') throw new DiscountEnded()
    const before = discountView(discount, null)
    em.assign(discount, { status: 'ended', endedAt: scope.clock.now() })
    const after = discountView(discount, null)
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'discount.end', targetType: 'discount', targetId: id, before, after },
    })
    await scope.jobs.send(em, EndDiscount, { discountId: id })
    return after
  })
  await endAtProvider(scope, { discountId: id }).catch((error: unknown) => {
    scope.log.warn({ err: error, discountId: id }, 'cannot end this discount at the provider now; the job will')
  })
  return view
}

/**
 * Ends the promotion code of a discount at its provider. A repeat does nothing.
 *
 * @throws {PaymentProviderError}
 */
export async function endAtProvider(scope: CallingScope, { discountId }: { discountId: string }): Promise<void> {
  const discount = await scope.em.findOne(Discount, { id: discountId, status: 'ended' })
  if (discount) await atProvider(scope, discount.provider).billing.provider.endDiscount(discountId)
}
