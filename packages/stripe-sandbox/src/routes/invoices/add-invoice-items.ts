import type { OneTimeItem } from '../../billing/one-time-items.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { hash, integer, list, mergeMetadata, metadata, required, string, type ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import { createPrice } from '../catalogue/create-price.ts'
import { UNIT_AMOUNT } from '../catalogue/price-params.ts'
import { DISCOUNTS, readDiscounts } from '../discount-params.ts'
import { activePriceInParam, inParam } from '../lookup.ts'
import { readTaxRates, TAX_RATES } from '../tax-params.ts'

/** What a subscription's next invoice bills once. */
export const ADD_INVOICE_ITEMS = list(
  hash({
    discounts: DISCOUNTS,
    metadata: metadata(),
    price: string(),
    price_data: hash({ currency: required(string()), product: required(string()), ...UNIT_AMOUNT }),
    quantity: integer({ min: 1 }),
    tax_rates: TAX_RATES,
  }),
  { max: 20 },
)

/**
 * Reads the one-time prices that an invoice bills besides the items of a subscription.
 *
 * @throws {StripeApiError} 400 without a price, or for a recurring one.
 */
export function readInvoiceItems(
  account: Account,
  given: ParamValue<typeof ADD_INVOICE_ITEMS> = [],
  { customer, currency }: { customer: string; currency: string },
): OneTimeItem[] {
  return given.map(({ discounts, metadata: own, price: id, price_data, quantity = 1, tax_rates }, index) => {
    const param = `add_invoice_items[${index}]`
    if (id !== undefined && price_data !== undefined) throw exclusiveParams('price', 'price_data', `${param}[price]`)
    if (id === undefined && price_data === undefined) throw missingParam(`${param}[price]`)
    if (price_data) inParam(account.products, price_data.product, 'product', `${param}[price_data][product]`)
    const price = price_data
      ? createPrice(account, { ...price_data, active: false }, `${param}[price_data]`)
      : activePriceInParam(account, id ?? '', `${param}[price]`)
    if (price.recurring)
      throw invalidRequest(
        'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
        { param: `${param}[price]` },
      )
    return {
      price: price.id,
      quantity,
      discounts: readDiscounts(account, discounts, { customer, currency, param: `${param}[discounts]` }),
      metadata: mergeMetadata({}, own),
      tax_rates: readTaxRates(account, tax_rates, `${param}[tax_rates]`),
    }
  })
}
