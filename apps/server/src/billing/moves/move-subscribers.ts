import { SECOND } from '../../platform/durations.ts'
import { countingCalls, type BillingScope } from '../billing-scope.ts'
import { PlanMove } from '../plan-move.entity.ts'
import type { SubscriptionProvider } from '../provider.schemas.ts'
import { createCallBudget, type CallBudget } from '../recheck/call-budget.ts'
import { listItems } from './list-items.ts'
import { moveItem, nextItems } from './move-item.ts'
import { providerOf, type OpenMove } from './move-one.ts'

/** How long one job works. Less than a minute, because the next job comes every minute. */
const RUN = 45 * SECOND
/** Calls to the providers per second: far below their limits, so that customers' own calls always pass. */
const CALLS_PER_SECOND = 20
/** How many subscribers of one move come before those of another open move. */
const TURN = 20

interface Round {
  budget: CallBudget
  mayContinue: () => boolean
  /** Moves that have had all their turns in this round. */
  over: Set<string>
  /** Providers that take no call now. */
  down: Set<SubscriptionProvider>
  /** Items that have failed in this round. The next one tries them again. */
  failed: string[]
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
  const mayContinue = () => performance.now() < end && !stopping?.aborted
  const round: Round = { budget, mayContinue, over: new Set(), down: new Set(), failed: [] }
  const counted = countingCalls(scope, () => budget.count())
  for (;;) {
    const open = await scope.em
      .fork()
      .find(PlanMove, { finishedAt: null }, { populate: ['price.plan'], orderBy: { createdAt: 'asc', id: 'asc' } })
    const left = open.filter((move) => !round.over.has(move.id) && !round.down.has(providerOf(move)))
    if (left.length === 0) return
    for (const move of left) {
      if (!mayContinue()) return
      if (!round.down.has(providerOf(move))) await takeTurn(counted, round, move)
    }
  }
}

async function takeTurn(scope: BillingScope, round: Round, move: OpenMove): Promise<void> {
  const { budget, mayContinue, over, down, failed } = round
  if (!move.listedAt && !(await listItems(scope, move, mayContinue))) return
  const items = await nextItems(scope, move, { without: failed, limit: TURN })
  for (const item of items) {
    if (!mayContinue()) return
    await budget.keepRate()
    if (!(await isOpen(scope, move.id))) {
      over.add(move.id)
      return
    }
    const outcome = await moveItem(scope, move, item)
    if (outcome === 'failed') failed.push(item.id)
    if (outcome === 'outage') {
      down.add(providerOf(move))
      return
    }
  }
  if (items.length < TURN) {
    over.add(move.id)
    await finish(scope, move.id)
  }
}

async function isOpen({ em }: BillingScope, id: string): Promise<boolean> {
  return (await em.fork().count(PlanMove, { id, finishedAt: null })) > 0
}

async function finish({ em, clock }: BillingScope, id: string): Promise<void> {
  await em.fork().execute(
    `update plan_moves set finished_at = ? where id = ? and finished_at is null
       and not exists (select 1 from plan_move_items where move_id = plan_moves.id and status = 'waiting')`,
    [clock.now(), id],
  )
}
