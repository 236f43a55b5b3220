import { priceAmount } from '../amounts/price-parts.ts'
import { formatMoney, formatUnitAmount } from '../money.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'

/**
 * What `quantity` units cost: `$19.00 a month`, `$50.00 every 3 months`, or for a one-time price only the amount.
 * A metered price is billed when it has been used: `$0.02 per unit used a month`.
 */
export function priceText(price: PriceRow, quantity = 1): string {
  const { currency, meter, recurring, unit_amount_decimal: unit } = price
  const amount =
    meter !== null && unit !== null
      ? `${formatUnitAmount(unit, currency)} per unit used`
      : formatMoney(priceAmount(price, meter === null ? quantity : 1), currency)
  return recurring ? `${amount} ${intervalText(recurring)}` : amount
}

/** How often a price is charged: `a month`, `every 3 months`. */
export function intervalText({ interval, interval_count }: NonNullable<PriceRow['recurring']>): string {
  return interval_count === 1 ? `a ${interval}` : `every ${interval_count} ${interval}s`
}
