import type { Account } from './account.ts'
import type { PriceRow } from './rows/catalogue.ts'
import type { SessionLine } from './rows/checkout.ts'

/** Whether a price can be charged in a currency: its own currency, or one of its options. */
export function hasCurrency(price: PriceRow, currency: string): boolean {
  return price.currency === currency || price.currency_options[currency] !== undefined
}

/** A price with its terms in a currency. A price without that currency is returned unchanged. */
export function inCurrency(price: PriceRow, currency: string): PriceRow {
  const option = price.currency === currency ? undefined : price.currency_options[currency]
  return option ? { ...price, ...option, currency } : price
}

/** The price with an id, with its terms in a currency. */
export function priceIn(account: Account, id: string, currency: string | null): PriceRow {
  const price = account.prices.get(id)
  return currency === null ? price : inCurrency(price, currency)
}

/** The price of a line in a currency. An amount that the customer chooses is the chosen or the suggested one. */
export function linePrice(
  account: Account,
  { amount, price: id }: Pick<SessionLine, 'amount' | 'price'>,
  currency: string | null,
): PriceRow {
  const price = priceIn(account, id, currency)
  const { custom_unit_amount: custom } = price
  const unit = custom && (amount ?? custom.preset ?? 0)
  return unit === undefined ? price : { ...price, unit_amount: unit, unit_amount_decimal: String(unit) }
}
