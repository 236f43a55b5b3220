import { priceAmount } from '../amounts/price-parts.ts'
import { formatMoney } from '../money.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'

/** What `quantity` units cost: `$19.00 a month`, `$50.00 every 3 months`, or for a one-time price only the amount. */
export function priceText(price: PriceRow, quantity = 1): string {
  const amount = formatMoney(priceAmount(price, quantity), price.currency)
  const { recurring } = price
  if (!recurring) return amount
  const { interval, interval_count } = recurring
  return interval_count === 1 ? `${amount} a ${interval}` : `${amount} every ${interval_count} ${interval}s`
}
