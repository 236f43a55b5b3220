import { SECOND } from '../../platform/durations.ts'
import { countingCalls, type BillingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { PlanMoveItem } from '../plan-move-item.entity.ts'
import { PlanMove } from '../plan-move.entity.ts'
import { createCallBudget, type CallBudget } from '../recheck/call-budget.ts'
import { subscribersOf } from './movable.ts'
import { moveOne, type MoveOutcome, type OpenMove } from './move-one.ts'

/** How long one job works. Less than a minute, because the next job comes every minute. */
const RUN = 45 * SECOND
/** Calls to providers per second: far below their limits, so that customers' own calls always pass. */
const CALLS_PER_SECOND = 20
/** How many subscribers of one move come before those of another open move. */
const TURN = 20
/** How often an unexpected failure is tried again, a minute apart, before the subscriber counts as refused. */
const ATTEMPTS = 5

interface Round {
  budget: CallBudget
  mayContinue: () => boolean
}

/**
 * Moves the subscribers of all open moves, the oldest order first, for less than a minute. What became of each is stored
 * at once, so that the next job continues there, also after a crash.
 *
 * @param options.stopping ends it after the present subscriber.
 */
export async function moveSubscribers(
  scope: BillingScope,
  { run = RUN, stopping }: { run?: number; stopping?: AbortSignal | undefined } = {},
): Promise<void> {
  const end = performance.now() + run
  const budget = createCallBudget(CALLS_PER_SECOND)
  const counted = countingCalls(scope, () => budget.count())
  const round = { budget, mayContinue: () => performance.now() < end && !stopping?.aborted }
  const places = new Map<string, string | null>()
  try {
    for (;;) {
      const open = await scope.em
        .fork()
        .find(PlanMove, { finishedAt: null }, { populate: ['price.plan'], orderBy: { createdAt: 'asc', id: 'asc' } })
      const left = open.filter(({ id }) => places.get(id) !== null)
      if (left.length === 0) return
      for (const move of left) {
        if (!round.mayContinue()) return
        places.set(move.id, await takeTurn(counted, round, { move, after: places.get(move.id) ?? null }))
      }
    }
  } catch (error) {
    if (!(error instanceof PaymentProviderError && error.isOutage())) throw error
    scope.log.warn({ err: error }, 'the provider does not answer: moves of subscribers continue later')
  }
}

/** @returns the last item of this turn; null if the round is over for this move. */
async function takeTurn(
  scope: BillingScope,
  { budget, mayContinue }: Round,
  { move, after }: { move: OpenMove; after: string | null },
): Promise<string | null> {
  if (!move.listedAt) await listItems(scope, move)
  const items = await scope.em
    .fork()
    .find(
      PlanMoveItem,
      { move: move.id, status: 'waiting', ...(after === null ? {} : { id: { $gt: after } }) },
      { orderBy: { id: 'asc' }, limit: TURN },
    )
  for (const { id, subscription } of items) {
    if (!mayContinue()) return null
    await budget.keepRate()
    if (!(await isOpen(scope, move.id))) return null
    await moveItem(scope, move, { id, subscriptionId: subscription.id })
  }
  if (items.length < TURN) await finish(scope, move.id)
  return items.length < TURN ? null : (items.at(-1)?.id ?? null)
}

/** Stores who is to move: all or nothing, and once. Who subscribes later is not among them. */
async function listItems({ em, clock }: BillingScope, move: OpenMove): Promise<void> {
  const { where, values } = subscribersOf(move.fromPlan.id, move)
  await em.fork().transactional(async (em) => {
    await em.execute(
      `insert into plan_move_items (id, move_id, subscription_id)
       select gen_random_uuid(), ?, s.id from subscriptions s where ${where} and s.created_at <= ?
       on conflict (move_id, subscription_id) do nothing`,
      [move.id, ...values, move.createdAt],
    )
    await em.nativeUpdate(PlanMove, { id: move.id }, { listedAt: clock.now() })
  })
}

async function isOpen({ em }: BillingScope, id: string): Promise<boolean> {
  return (await em.fork().count(PlanMove, { id, finishedAt: null })) > 0
}

/**
 * @throws {PaymentProviderError} while the provider is down.
 */
async function moveItem(
  scope: BillingScope,
  move: OpenMove,
  { id, subscriptionId }: { id: string; subscriptionId: string },
): Promise<void> {
  const { em, clock, log } = scope
  const outcome = await moveOne({ ...scope, em: em.fork() }, move, subscriptionId).catch(
    async (error: unknown): Promise<MoveOutcome | null> => {
      if (error instanceof PaymentProviderError) throw error
      log.error({ err: error, moveId: move.id, subscriptionId }, 'cannot move this subscriber')
      const [row] = await em
        .fork()
        .execute<{ attempts: number }[]>(
          'update plan_move_items set attempts = attempts + 1 where id = ? returning attempts',
          [id],
        )
      return (row?.attempts ?? 0) < ATTEMPTS ? null : { status: 'refused', reason: 'INTERNAL_ERROR' }
    },
  )
  if (!outcome) return
  await em.fork().nativeUpdate(PlanMoveItem, { id, status: 'waiting' }, { ...outcome, endedAt: clock.now() })
}

async function finish({ em, clock }: BillingScope, id: string): Promise<void> {
  await em.fork().execute(
    `update plan_moves set finished_at = ? where id = ? and finished_at is null
       and not exists (select 1 from plan_move_items where move_id = plan_moves.id and status = 'waiting')`,
    [clock.now(), id],
  )
}
