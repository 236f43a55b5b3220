import { netAmounts } from '../amounts/invoice-amounts.ts'
import { discountsFor } from '../discounts/in-effect.ts'
import { invalidRequest } from '../http/errors.ts'
import type { Account } from '../state/account.ts'
import { billedUntil } from '../state/billed-until.ts'
import type { InvoiceLine } from '../state/rows/invoice.ts'
import type { BillingSchedule, Debit, ItemRow, ProrationBehavior, SubscriptionRow } from '../state/rows/subscription.ts'
import { addMonths } from '../time.ts'
import { shareOfPeriod } from './first-period.ts'
import { billedRates, periodLines, unusedLine } from './lines.ts'
import { periodAround } from './periods.ts'
import { recurrenceOf } from './recurring-price.ts'

/** Maximum number of periods that all items together are billed in advance for. */
const MAX_PERIODS = 50
/** Maximum number of months that items are billed in advance for. */
const MAX_MONTHS = 60

interface Wish {
  /** When the subscription is canceled, from its items. By default, as it is now. */
  readonly cancelAt?: ((items: readonly ItemRow[]) => number | null) | null | undefined
  /** The schedules that the subscription has already. They are not billed again. */
  readonly kept?: readonly BillingSchedule[] | undefined
  /** The parameter that has the schedules. */
  readonly param?: string | undefined
  readonly proration: ProrationBehavior
  readonly schedules: readonly BillingSchedule[]
}

/** Items with what was billed for their coming periods, and the lines that bill it. */
export interface Prebilled {
  readonly items: ItemRow[]
  readonly lines: InvoiceLine[]
}

/**
 * Bills items in advance, from where they are billed until to where the schedules say.
 *
 * @throws {StripeApiError} 400 for a subscription, an item or an end that Stripe doesn't bill in advance.
 * @see https://docs.stripe.com/billing/subscriptions/prebilling
 */
export function prebill(
  account: Account,
  subscription: SubscriptionRow,
  { cancelAt = () => subscription.cancel_at, kept = [], param = 'billing_schedules', proration, schedules }: Wish,
): Prebilled {
  checkSubscription(account, subscription, { param, proration })
  const until = new Map<string, number>()
  for (const [index, schedule] of schedules.entries())
    if (!kept.includes(schedule))
      for (const { id } of itemsOf(account, subscription, schedule, `${param}[${index}]`))
        until.set(id, Math.max(until.get(id) ?? 0, schedule.bill_until.computed_timestamp))
  const billed = subscription.items.map((item) => billAhead(account, subscription, item, until.get(item.id) ?? 0))
  // The first period of a new subscription counts, too.
  const first = subscription.created === account.nowOf(subscription.customer) ? 1 : 0
  const periods = billed.reduce((sum, { item: { ahead } }) => sum + (ahead ? ahead.length + first : 0), 0)
  if (periods > MAX_PERIODS)
    throw invalidRequest(
      `The items of a subscription can be prebilled for at most ${MAX_PERIODS} billing cycles in total.`,
      { param },
    )
  const items = billed.map(({ item }) => item)
  const ends = cancelAt?.(items) ?? Infinity
  const late = schedules.findIndex(({ bill_until }) => bill_until.computed_timestamp > ends)
  if (late >= 0)
    throw invalidRequest(
      'The end of a billing schedule cannot be after the scheduled cancellation of the subscription.',
      { param: `${param}[${late}][bill_until]` },
    )
  return { items, lines: billed.flatMap(({ lines }) => lines) }
}

/**
 * Checks that a prebilled subscription can have discounts.
 *
 * @throws {StripeApiError} 400 for one that takes off an amount, or that ends after some months.
 */
export function checkPrebilledDiscounts(account: Account, discounts: readonly string[], param: string): void {
  for (const id of discounts) {
    const { duration, percent_off } = account.discounts.get(id).terms
    if (percent_off === null || duration === 'repeating')
      throw invalidRequest(
        '`billing_schedules` can only be used with coupons that have `percent_off` and a duration of `once` or `forever`.',
        { param },
      )
  }
}

/** Bills an item from where it is billed until to `until`, with the lines of one period after the other. */
export function billAhead(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  until: number,
): { item: ItemRow; lines: InvoiceLine[] } {
  const recurrence = recurrenceOf(account, item)
  const lines: InvoiceLine[] = []
  const ahead: Debit[] = [...(item.ahead ?? [])]
  const tax_rates = billedRates(account, subscription, item)
  const { currency, customer } = subscription
  const discounts = discountsFor(account, subscription, account.nowOf(customer))
  for (let start = billedUntil(item); start < until && ahead.length <= MAX_PERIODS;) {
    const end = Math.min(periodAround(subscription.billing_cycle_anchor, recurrence, start).end, until)
    const part = partLines(account, subscription, item, { start, end })
    const nets = netAmounts(account, { lines: part, discounts, currency })
    ahead.push({ amount: nets.reduce((sum, net) => sum + net, 0), tax_rates, start, end })
    lines.push(...part)
    start = end
  }
  return { item: ahead.length > 0 ? { ...item, ahead } : item, lines }
}

/**
 * An item that enters its next period, with the lines for what of it was not billed in advance, up to a cancellation
 * that is scheduled within it.
 *
 * @returns null if nothing of the period was billed in advance.
 */
export function enterPeriod(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
): { item: ItemRow; lines: InvoiceLine[] } | null {
  const [paid, ...ahead] = item.ahead ?? []
  if (paid === undefined) return null
  const end = Math.min(item.current_period_end, subscription.cancel_at ?? Infinity)
  const lines = paid.end < end ? partLines(account, subscription, item, { start: paid.end, end }) : []
  const discounts = discountsFor(account, subscription, account.nowOf(subscription.customer))
  const nets = netAmounts(account, { lines, discounts, currency: subscription.currency })
  const amount = nets.reduce((sum, net) => sum + net, paid.amount)
  return { item: { ...item, ahead, debit: { ...paid, amount, end: Math.max(paid.end, end) } }, lines }
}

/** Credit for an item's unused time from `at` on: of its current period, and of those that were billed in advance. */
export function unusedLines(account: Account, subscription: SubscriptionRow, item: ItemRow, at: number): InvoiceLine[] {
  // Nothing was billed for a trial.
  const current = subscription.status === 'trialing' ? null : unusedLine(account, subscription, item, at)
  const later = (item.ahead ?? []).map((debit) =>
    unusedLine(account, subscription, { ...item, debit }, Math.max(at, debit.start)),
  )
  return [current, ...later].filter((line) => line !== null)
}

function partLines(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  { start, end }: { start: number; end: number },
): InvoiceLine[] {
  const part = { ...item, current_period_start: start, current_period_end: end }
  return periodLines(account, subscription, part, { trial: false }).map((line) =>
    shareOfPeriod(account, subscription, item, line, 'create_prorations'),
  )
}

function checkSubscription(
  account: Account,
  { billing_mode, discounts, items, schedule }: SubscriptionRow,
  { param, proration }: { param: string; proration: ProrationBehavior },
): void {
  if (billing_mode !== 'flexible')
    throw invalidRequest('`billing_schedules` can only be used with subscriptions in flexible billing mode.', { param })
  if (schedule !== null)
    throw invalidRequest('`billing_schedules` cannot be used with subscriptions that have a schedule attached.', {
      param,
    })
  if (proration === 'none')
    throw invalidRequest('`billing_schedules` cannot be used with `proration_behavior` set to `none`.', { param })
  checkPrebilledDiscounts(account, [...discounts, ...items.flatMap((item) => item.discounts)], param)
}

/** The items that a schedule bills in advance. */
function itemsOf(
  account: Account,
  { customer, items }: SubscriptionRow,
  { applies_to, bill_until: { computed_timestamp: until } }: BillingSchedule,
  param: string,
): ItemRow[] {
  if (until > addMonths(account.nowOf(customer), MAX_MONTHS))
    throw invalidRequest('The end of a billing schedule cannot be more than 5 years from now.', {
      param: `${param}[bill_until]`,
    })
  const isMetered = ({ price }: ItemRow): boolean => account.prices.get(price).meter !== null
  const named = applies_to?.map(({ price }, place) => {
    const item = items.find((each) => each.price === price)
    const name = { param: `${param}[applies_to][${place}][price]` }
    if (!item) throw invalidRequest(`The subscription has no item with the price ${price}.`, name)
    if (isMetered(item)) throw invalidRequest('Billing schedules cannot apply to metered prices.', name)
    return item
  })
  const licensed = items.filter((item) => !isMetered(item))
  if (licensed.length === 0)
    throw invalidRequest('`billing_schedules` cannot be used if all items have metered prices.', { param })
  const isWithin = (item: ItemRow): boolean => item.current_period_end <= until
  const applicable = named ?? licensed.filter(isWithin)
  if (applicable.length === 0 || !applicable.every(isWithin))
    throw invalidRequest(
      'The end of a billing schedule cannot be earlier than the current period end of the items that it applies to.',
      { param: `${param}[bill_until]` },
    )
  return applicable
}
