import { DomainError } from '../../platform/errors/errors.ts'
import { atProvider, withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { PlanMoveItem } from '../plan-move-item.entity.ts'
import { moveOne, providerOf, type MoveOutcome, type OpenMove } from './move-one.ts'

/** How often a failure that is no refusal is tried again, a minute or more apart. Then the subscriber is refused. */
const ATTEMPTS = 20

export interface WaitingItem {
  id: string
  subscriptionId: string
}

/** The items of a move that wait: those that have failed least come first. */
export async function nextItems(
  { em }: BillingScope,
  { id }: OpenMove,
  { without, limit }: { without: readonly string[]; limit: number },
): Promise<WaitingItem[]> {
  const items = await em
    .fork()
    .find(
      PlanMoveItem,
      { move: id, status: 'waiting', ...(without.length > 0 && { id: { $nin: [...without] } }) },
      { orderBy: { attempts: 'asc', id: 'asc' }, limit },
    )
  return items.map(({ id, subscription }) => ({ id, subscriptionId: subscription.id }))
}

/**
 * Moves one subscriber and stores what became of them.
 *
 * A failure of the provider counts as an attempt only if the provider works otherwise. So one subscriber that always
 * fails doesn't hold up the others, and no outage uses up anyone's attempts.
 *
 * @returns `outage` if the provider takes no call now.
 */
export async function moveItem(
  scope: BillingScope,
  move: OpenMove,
  { id, subscriptionId }: WaitingItem,
): Promise<'ended' | 'failed' | 'outage'> {
  const { em, clock, log } = scope
  const end = async (outcome: MoveOutcome) => {
    await em.fork().nativeUpdate(PlanMoveItem, { id, status: 'waiting' }, { ...outcome, endedAt: clock.now() })
    return 'ended' as const
  }
  try {
    return await end(await moveOne({ ...scope, em: em.fork() }, move, subscriptionId))
  } catch (error) {
    if (error instanceof PaymentProviderError && error.isOutage() && !(await isServing(scope, move, error))) {
      log.warn({ err: error, moveId: move.id }, 'the provider does not answer: moves of subscribers continue later')
      return 'outage'
    }
    log.error({ err: error, moveId: move.id, subscriptionId }, 'cannot move this subscriber')
    const [row] = await em
      .fork()
      .execute<{ attempts: number }[]>(
        'update plan_move_items set attempts = attempts + 1 where id = ? returning attempts',
        [id],
      )
    if ((row?.attempts ?? 0) < ATTEMPTS) return 'failed'
    return end({ status: 'refused', reason: error instanceof DomainError ? error.reason : 'INTERNAL_ERROR' })
  }
}

/** Whether the provider answers a call that has nothing to do with the subscriber who failed. */
async function isServing(scope: BillingScope, move: OpenMove, failure: PaymentProviderError): Promise<boolean> {
  const { providerPriceId } = move.price.$
  if (failure.isRefusingAll() || !providerPriceId) return false
  const { provider } = withTimeBudget(atProvider({ ...scope, em: scope.em.fork() }, providerOf(move))).billing
  return provider.fetchCatalogueItem({ kind: 'price', id: providerPriceId }).then(
    () => true,
    () => false,
  )
}
