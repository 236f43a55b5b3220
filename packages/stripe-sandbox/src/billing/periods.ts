import type { Recurrence } from '../state/rows/catalogue.ts'
import { DAY } from '../time.ts'

/**
 * The `n`th boundary of a billing cycle, counted from its anchor.
 *
 * Months keep the anchor's day and time (UTC) and are cut to the month's length, each from the anchor anew, so that
 * 31 January is followed by 28 February and then 31 March; a year is twelve months.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function boundary(anchor: number, { interval, interval_count }: Recurrence, n: number): number {
  const count = n * interval_count
  if (interval === 'day') return anchor + count * DAY
  if (interval === 'week') return anchor + count * 7 * DAY
  return addMonths(anchor, interval === 'year' ? count * 12 : count)
}

/** The period of the cycle that `time` lies in: from its start, which belongs to it, to its end, which doesn't. */
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

function addMonths(time: number, months: number): number {
  const from = new Date(time * 1000)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDay))
  return midnight / 1000 + (((time % DAY) + DAY) % DAY)
}

/** No period is longer than this: a division by it is a first guess, which the calendar puts right. */
function longest({ interval, interval_count }: Recurrence): number {
  return { day: 1, week: 7, month: 31, year: 366 }[interval] * interval_count * DAY
}
