import { invalidRequest } from '../http/errors.ts'
import type { Account } from '../state/account.ts'
import { hasCurrency } from '../state/price-in.ts'
import type { PriceRow, Recurrence } from '../state/rows/catalogue.ts'
import type { ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'

type Priced = Pick<ItemRow, 'price'>

/**
 * Checks that prices fit on one subscription. In classic billing mode they share one interval. In flexible mode, every
 * interval is a multiple of the shortest one.
 *
 * @param currency the currency that all prices must have; by default that of the first one.
 * @returns the price with the shortest interval.
 * @throws {StripeApiError} 400 if they don't fit, or if a price is not recurring.
 * @see https://docs.stripe.com/billing/subscriptions/mixed-interval#interval-alignment
 */
export function recurringPrice(
  account: Account,
  items: readonly Priced[],
  mode: SubscriptionRow['billing_mode'],
  currency = account.prices.find(items[0]?.price ?? '')?.currency ?? '',
): PriceRow {
  const prices = items.map((item) => account.prices.get(item.price))
  const [first] = prices
  if (!first) throw invalidRequest('Missing required param: items.', { param: 'items', code: 'parameter_missing' })
  for (const [index, price] of prices.entries()) {
    if (price.recurring) continue
    throw invalidRequest(
      `The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
      { param: `items[${index}][price]` },
    )
  }
  const shortest = prices.reduce((best, price) => (lengthOf(price) < lengthOf(best) ? price : best), first)
  for (const [index, price] of prices.entries()) {
    const param = `items[${index}][price]`
    if (!hasCurrency(price, currency)) throw mismatch('currency', param)
    if (mode === 'classic' && !isSameInterval(price.recurring, first.recurring)) throw mismatch('interval', param)
    if (!isMultiple(price, shortest))
      throw invalidRequest(
        "Every price's interval must be a multiple of the shortest price interval in the subscription.",
        { param },
      )
  }
  return shortest
}

/** How often an item's price is charged. */
export function recurrenceOf(account: Account, { price }: Priced): Recurrence {
  const { recurring } = account.prices.get(price)
  if (!recurring) throw new Error(`The price ${price} of a subscription is not recurring.`)
  return recurring
}

/** The interval that all items share; null if they have several. */
export function commonInterval(account: Account, items: readonly Priced[]): Recurrence | null {
  const [first, ...others] = items.map((item) => recurrenceOf(account, item))
  return first && others.every((other) => isSameInterval(other, first)) ? first : null
}

export function isSameInterval(one: Recurrence | null, other: Recurrence | null): boolean {
  return one?.interval === other?.interval && one?.interval_count === other?.interval_count
}

function mismatch(field: 'currency' | 'interval', param: string): Error {
  return invalidRequest(
    `Currency and interval fields must match across all plans on this subscription. Found mismatch in ${field} field.`,
    { param },
  )
}

/** Weeks are multiples of days and years are multiples of months. Months are multiples of only one single day. */
function isMultiple({ recurring }: PriceRow, { recurring: shortest }: PriceRow): boolean {
  if (!recurring || !shortest) return false
  if (shortest.interval === 'day' && shortest.interval_count === 1) return true
  const [[unit, count], [shortestUnit, shortestCount]] = [inUnits(recurring), inUnits(shortest)]
  return unit === shortestUnit && count % shortestCount === 0
}

function inUnits({ interval, interval_count }: Recurrence): ['day' | 'month', number] {
  if (interval === 'week') return ['day', interval_count * 7]
  if (interval === 'year') return ['month', interval_count * 12]
  return [interval, interval_count]
}

/** In days, to compare intervals only. */
function lengthOf({ recurring }: PriceRow): number {
  if (!recurring) return 0
  const [unit, count] = inUnits(recurring)
  return unit === 'day' ? count : count * 30
}
