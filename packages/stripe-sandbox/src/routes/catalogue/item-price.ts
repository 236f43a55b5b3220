import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { clearable, hash, integer, metadata, required, string, type ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import { DISCOUNTS } from '../discount-params.ts'
import { activePriceInParam, checkTotal, inParam } from '../lookup.ts'
import { TAX_RATES } from '../tax-params.ts'
import { createPrice } from './create-price.ts'
import { RECURRING, UNIT_AMOUNT } from './price-params.ts'

/** A price that is described inline, for an item of a subscription or of a phase. */
export const ITEM_PRICE_DATA = hash({
  currency: required(currencyCode()),
  product: required(string()),
  recurring: required(RECURRING),
  ...UNIT_AMOUNT,
})

/** How much usage would send an invoice before the period ends. An empty value removes it. */
export const ITEM_THRESHOLDS = clearable(hash({ usage_gte: required(integer({ min: 1 })) }))

/** An item of a new subscription, or of a phase. */
export const NEW_ITEM = hash({
  billing_thresholds: ITEM_THRESHOLDS,
  /** The older name of `price`. */
  plan: string(),
  price: string(),
  price_data: ITEM_PRICE_DATA,
  quantity: integer({ min: 0 }),
  metadata: metadata(),
  discounts: DISCOUNTS,
  tax_rates: TAX_RATES,
})

interface Priced {
  plan?: string
  price?: string
  price_data?: ParamValue<typeof ITEM_PRICE_DATA>
}

/**
 * The id of an item's price, which is created if it is described inline. Such a price is inactive: it is for this item
 * only.
 *
 * @param param the name of the item's parameter, such as `items[0]`.
 * @throws {StripeApiError} 400 without a price, or if it is inactive.
 */
export function itemPrice(account: Account, { plan, price = plan, price_data }: Priced, param: string): string {
  if (price !== undefined && price_data !== undefined)
    throw exclusiveParams('price', 'price_data', `${param}[price_data]`)
  if (price_data === undefined) {
    if (price === undefined) throw missingParam(`${param}[price]`)
    return activePriceInParam(account, price, `${param}[price]`).id
  }
  inParam(account.products, price_data.product, 'product', `${param}[price_data][product]`)
  return createPrice(account, { ...price_data, active: false }, `${param}[price_data]`).id
}

/**
 * How many units of a price an item has. A metered price has no quantity.
 *
 * @param param the name of the item's parameter, such as `items[0]`.
 * @throws {StripeApiError} 400 for the quantity of a metered price.
 * @throws {StripeApiError} 400 if they cost more than an invoice can say.
 */
export function itemQuantity(account: Account, price: string, wanted: number | undefined, param: string): number {
  const { currency, meter, unit_amount } = account.prices.get(price)
  if (meter === null) {
    checkTotal((unit_amount ?? 0) * (wanted ?? 1), currency, `${param}[quantity]`)
    return wanted ?? 1
  }
  if (wanted === undefined) return 0
  throw invalidRequest(
    `Quantity should not be specified where usage_type is \`metered\`. Remove quantity from \`${param}\`.`,
    { param: `${param}[quantity]` },
  )
}
