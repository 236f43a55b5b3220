import type { Account } from '../state/account.ts'
import type { MeterEventRow, MeterRow } from '../state/rows/metering.ts'

const WINDOWS = { day: 24 * 60 * 60, hour: 60 * 60 }

/**
 * What a meter counts for a customer in a span, from `start` on and before `end`.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/meters/configure
 */
export function usageOf(
  account: Account,
  meterId: string,
  { customer, start, end }: { customer: string; start: number; end: number },
): number {
  const meter = account.meters.get(meterId)
  const events = account.meterEvents
    .by('subject', `${meterId}/${customer}`)
    .filter(({ canceled, timestamp }) => !canceled && timestamp >= start && timestamp < end)
  return aggregated(meter, newestOfEachWindow(meter, events))
}

function aggregated({ formula }: MeterRow, events: readonly MeterEventRow[]): number {
  if (formula === 'count') return events.length
  const value = ({ subject }: MeterEventRow): number => subject?.value ?? 0
  if (formula === 'sum') return events.reduce((sum, event) => sum + value(event), 0)
  const last = events.reduce<MeterEventRow | null>(
    (newest, event) => (newest === null || event.timestamp >= newest.timestamp ? event : newest),
    null,
  )
  return last === null ? 0 : value(last)
}

/** A pre-aggregated event replaces those before it in its window. */
function newestOfEachWindow(
  { event_time_window }: MeterRow,
  events: readonly MeterEventRow[],
): readonly MeterEventRow[] {
  if (event_time_window === null) return events
  const seconds = WINDOWS[event_time_window]
  return [...new Map(events.map((event) => [Math.floor(event.timestamp / seconds), event])).values()]
}
