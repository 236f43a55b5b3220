import type { AnchorConfig, SubscriptionRow } from '../state/rows/subscription.ts'

/** What a day of the month makes of a subscription: its anchor, and what is shown of it. */
export type ConfiguredAnchor = Pick<SubscriptionRow, 'billing_cycle_anchor' | 'anchorConfig'>

/**
 * The next time that it is a day of the month, in UTC. A shorter month has it on its last day. Without a time of day,
 * it is that of `now`.
 *
 * The anchor itself is then in a longer month before, so that the periods after February still end on the 31st. The one
 * that is shown is in the next longer month, and in the month that is asked for. It may be later than the first full
 * invoice.
 *
 * @param every how many months a period has.
 * @see https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function configuredAnchor(config: AnchorConfig, now: number, every: number): ConfiguredAnchor {
  const today = new Date(now * 1000)
  const at = (months: number): { time: number; isLast: boolean } => {
    const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() + months]
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const time = [
      config.hour ?? today.getUTCHours(),
      config.minute ?? today.getUTCMinutes(),
      config.second ?? today.getUTCSeconds(),
    ] as const
    return {
      time: Date.UTC(year, month, Math.min(config.day_of_month, lastDay), ...time) / 1000,
      isLast: config.day_of_month > lastDay,
    }
  }
  const monthOf = (months: number): number => ((((today.getUTCMonth() + months) % 12) + 12) % 12) + 1
  // Every month for a monthly price, even if the anchor is in another one.
  const isAligned = (each: number): boolean => config.month === null || (monthOf(each) - config.month) % every === 0
  let months = 0
  while (at(months).time < now || !isAligned(months)) months += 1
  const first = at(months).time
  const isAnchor = (each: number): boolean =>
    !at(each).isLast && (config.month === null || monthOf(each) === config.month)
  let later = months
  while (!isAnchor(later) && later < months + 12 * every) later += every
  const shown = isAnchor(later) ? at(later).time : first
  let anchor = months
  while (at(anchor).isLast && anchor > months - 12 * every) anchor -= every
  const billing_cycle_anchor = at(anchor).isLast ? first : at(anchor).time
  return { billing_cycle_anchor, anchorConfig: { ...config, from: billing_cycle_anchor, first, shown } }
}

/** How many months a period of a price has; null if its interval is not in months or years. */
export function monthsOf(recurring: { interval: string; interval_count: number } | null): number | null {
  if (recurring?.interval === 'month') return recurring.interval_count
  return recurring?.interval === 'year' ? 12 * recurring.interval_count : null
}
