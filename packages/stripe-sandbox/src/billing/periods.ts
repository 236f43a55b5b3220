import type { Recurrence } from '../state/rows/catalogue.ts'
import { addMonths, DAY } from '../time.ts'

/**
 * The `n`th boundary of a billing cycle, counted from its anchor.
 *
 * Months keep the anchor's day and time (UTC), or take the last day of a shorter month. Each boundary is computed from
 * the anchor, so that 31 January is followed by 28 February and then 31 March. A year is twelve months.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function boundary(anchor: number, { interval, interval_count }: Recurrence, n: number): number {
  const count = n * interval_count
  if (interval === 'day') return anchor + count * DAY
  if (interval === 'week') return anchor + count * 7 * DAY
  return addMonths(anchor, interval === 'year' ? count * 12 : count)
}

/** The period of the cycle that contains `time`. It includes its start and excludes its end. */
export function periodAround(anchor: number, recurrence: Recurrence, time: number): { start: number; end: number } {
  let n = Math.floor((time - anchor) / longest(recurrence))
  while (boundary(anchor, recurrence, n) > time) n -= 1
  while (boundary(anchor, recurrence, n + 1) <= time) n += 1
  return { start: boundary(anchor, recurrence, n), end: boundary(anchor, recurrence, n + 1) }
}

/** The first boundary after `time`. */
export function nextBoundary(anchor: number, recurrence: Recurrence, time: number): number {
  return periodAround(anchor, recurrence, time).end
}

/** The maximum length of a period. Dividing by it gives {@link periodAround} a first guess, which its loops correct. */
function longest({ interval, interval_count }: Recurrence): number {
  return { day: 1, week: 7, month: 31, year: 366 }[interval] * interval_count * DAY
}
