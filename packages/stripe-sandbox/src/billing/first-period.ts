import { prorateIn } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceLine } from '../state/rows/invoice.ts'
import type { ItemRow, ProrationBehavior, SubscriptionRow } from '../state/rows/subscription.ts'
import { periodLines, untilCancellation } from './lines.ts'
import { periodAround } from './periods.ts'
import { recurrenceOf } from './recurring-price.ts'

interface Span {
  readonly start: number
  readonly end: number
}

interface Moments {
  readonly now: number
  /** When the subscription starts: now, or before. */
  readonly start: number
  readonly anchor: number
  readonly trialEnd: number | null
}

/** The first period of an item. A trial, and the time up to a later anchor, is one period for all items. */
export function firstPeriod(
  account: Account,
  item: Pick<ItemRow, 'price'>,
  { now, start, anchor, trialEnd }: Moments,
): Span {
  if (trialEnd !== null) return { start: now, end: trialEnd }
  const whole = periodAround(anchor, recurrenceOf(account, item), now)
  return { start: Math.max(whole.start, start), end: anchor > now ? anchor : whole.end }
}

/**
 * The lines of a first period. One that is cut short by the anchor costs its share, or nothing without prorations.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function firstLines(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  { trialing, proration }: { trialing: boolean; proration: ProrationBehavior },
): InvoiceLine[] {
  const lines = periodLines(account, subscription, item, { trial: trialing })
  if (trialing) return lines
  const isBeforeAnchor = (subscription.anchorConfig?.first ?? subscription.billing_cycle_anchor) > subscription.created
  if (isBeforeAnchor && proration === 'none') return lines.map((line) => ({ ...line, amount: 0, proration: true }))
  return lines.map((line) => {
    const cut = proration === 'none' ? null : untilCancellation(subscription, line)
    return cut ?? shareOfPeriod(account, subscription, item, line, proration)
  })
}

/** A line for a part of a period, which costs its share. One for a full period stays as it is. */
export function shareOfPeriod(
  account: Account,
  { billing_cycle_anchor: anchor, currency }: SubscriptionRow,
  item: ItemRow,
  line: InvoiceLine,
  proration: ProrationBehavior,
): InvoiceLine {
  const { start, end } = line.period
  const whole = periodAround(anchor, recurrenceOf(account, item), start)
  if (start === whole.start && end === whole.end) return line
  const share = prorateIn(currency, line.amount, end - start, whole.end - whole.start)
  return { ...line, amount: proration === 'none' ? 0 : share, proration: true }
}

/**
 * The lines for the time from a backdated start until an item's current period. Flexible billing has one for each
 * natural period, classic billing a single one.
 *
 * @returns no lines without prorations, and for metered items.
 * @see https://docs.stripe.com/billing/subscriptions/backdating
 */
export function backdatedLines(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  proration: ProrationBehavior,
): InvoiceLine[] {
  if (proration === 'none' || account.prices.get(item.price).meter !== null) return []
  const recurrence = recurrenceOf(account, item)
  const until = item.current_period_start
  const lines: InvoiceLine[] = []
  for (let start = subscription.start_date; start < until;) {
    const end = Math.min(periodAround(subscription.billing_cycle_anchor, recurrence, start).end, until)
    const part = { ...item, current_period_start: start, current_period_end: end }
    for (const line of periodLines(account, subscription, part, { trial: false }))
      lines.push(shareOfPeriod(account, subscription, item, line, proration))
    start = end
  }
  const [first] = lines
  if (!first || subscription.billing_mode === 'flexible') return lines
  const amount = lines.reduce((sum, line) => sum + line.amount, 0)
  return [{ ...first, amount, proration: true, period: { start: subscription.start_date, end: until } }]
}
