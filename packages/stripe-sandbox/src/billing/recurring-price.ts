import { invalidRequest } from '../http/errors.ts'
import type { Account } from '../state/account.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { ItemRow } from '../state/rows/subscription.ts'

/**
 * The price that sets the billing interval. Simplified: a subscription's items must share one interval and currency.
 *
 * @throws {StripeApiError} 400 if they don't, or if a price is not recurring.
 */
export function recurringPrice(account: Account, items: readonly Pick<ItemRow, 'price'>[]): PriceRow {
  const prices = items.map((item) => account.prices.get(item.price))
  const [first] = prices
  if (!first) throw invalidRequest('Missing required param: items.', { param: 'items', code: 'parameter_missing' })
  for (const [index, price] of prices.entries()) {
    const param = `items[${index}][price]`
    if (!price.recurring) {
      throw invalidRequest(
        `The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
        { param },
      )
    }
    if (price.currency !== first.currency)
      throw invalidRequest('All prices on a subscription must use the same currency.', { param })
    if (
      price.recurring.interval !== first.recurring?.interval ||
      price.recurring.interval_count !== first.recurring.interval_count
    ) {
      throw invalidRequest(
        'Currency and interval fields must match across all plans on this subscription. Found mismatch in interval field.',
        { param },
      )
    }
  }
  return first
}
