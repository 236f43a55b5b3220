import type { Paymob } from '../callbacks/paymob.ts'
import { addDays, billingRunOf, DAY } from '../dates.ts'
import { settleVoid } from '../payments/refunds.ts'
import type { SubscriptionRow } from '../state/rows.ts'
import { cancel } from './change-subscription.ts'
import { deduct } from './deduct.ts'

/** Something that happens through time alone. */
interface Due {
  readonly at: number
  readonly run: () => void
}

/** How long an uncaptured auth transaction lives. */
const AUTH_LIFE = 14 * DAY

/** Moves the clock forward, and does everything that is due on the way, each at its own time. */
export function advanceTo(paymob: Paymob, target: number): void {
  const { clock } = paymob
  for (let next = nextDue(paymob); next && next.at <= target; next = nextDue(paymob)) {
    clock.moveTo(next.at)
    // What became due earlier, because a date was set in the past, happens now.
    for (const run of next.runs) clock.at(Math.max(next.at, clock.now()), run)
  }
  clock.moveTo(target)
}

/** Does what has become due through the time that has passed. */
export function catchUp(paymob: Paymob): void {
  advanceTo(paymob, paymob.clock.now())
}

/** When the next thing happens through time alone; null if nothing will. */
export function nextDueAt(paymob: Paymob): number | null {
  return nextDue(paymob)?.at ?? null
}

/** All that is due next: the deductions of one date are made together. */
function nextDue(paymob: Paymob): { at: number; runs: (() => void)[] } | null {
  let next: { at: number; runs: (() => void)[] } | null = null
  for (const { at, run } of allDue(paymob)) {
    if (!next || at < next.at) next = { at, runs: [run] }
    else if (at === next.at) next.runs.push(run)
  }
  return next
}

function* allDue(paymob: Paymob): Generator<Due> {
  for (const row of paymob.state.subscriptions.all()) {
    const due = dueOf(paymob, row)
    if (due) yield due
  }
  for (const row of paymob.state.transactions.all()) {
    if (row.kind === 'payment' && row.isAuth && row.success && !row.isVoided && row.capturedCents === 0)
      yield { at: row.createdAt + AUTH_LIFE, run: () => void settleVoid(paymob, row) }
  }
}

/** The next deduction, or the end if that comes first. The last deduction can be on the day of `ends_at`. */
function dueOf(paymob: Paymob, row: SubscriptionRow): Due | null {
  if (row.state === 'canceled') return null
  const { region } = paymob.account
  const end = row.endsAt === null ? null : addDays(row.endsAt, 1)
  const billing = row.state === 'active' ? billingDateOf(row) : null
  if (end !== null && (billing === null || end <= billing))
    return { at: billingRunOf(region, end), run: () => cancel(paymob, row) }
  if (billing === null) return null
  return { at: billingRunOf(region, billing), run: () => deduct(paymob, row) }
}

/** The billing run of the day of a resumption is over, so a date that has passed waits for the one of the next day. */
function billingDateOf({ retryOn, nextBilling, resumedAt }: SubscriptionRow): string {
  const date = retryOn ?? nextBilling
  return resumedAt !== null && date <= resumedAt ? addDays(resumedAt, 1) : date
}
