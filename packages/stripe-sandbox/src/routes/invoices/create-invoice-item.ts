import { decimalTimes, priceAmount } from '../../amounts/price-parts.ts'
import { addInvoiceItem } from '../../billing/pending-items.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { decimalAmount } from '../../http/more-params.ts'
import {
  boolean,
  hash,
  integer,
  mergeMetadata,
  metadata,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { newId } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import { hasCurrency, inCurrency } from '../../state/price-in.ts'
import type { PriceRow } from '../../state/rows/catalogue.ts'
import type { CustomerRow } from '../../state/rows/customer.ts'
import type { InvoiceItemRow } from '../../state/rows/invoice.ts'
import { createPrice } from '../catalogue/create-price.ts'
import { UNIT_AMOUNT } from '../catalogue/price-params.ts'
import { DISCOUNTS, readDiscounts } from '../discount-params.ts'
import { inParam } from '../lookup.ts'
import { readTaxRates, TAX_RATES } from '../tax-params.ts'

/** What an invoice item bills, in `/invoiceitems` and in previews. */
export const INVOICE_ITEM = {
  amount: integer(),
  currency: string(),
  description: string(),
  discountable: boolean(),
  discounts: DISCOUNTS,
  metadata: metadata(),
  period: hash({ start: required(timestamp()), end: required(timestamp()) }),
  price_data: hash({ currency: required(string()), product: required(string()), ...UNIT_AMOUNT }),
  quantity: integer({ min: 0 }),
  tax_rates: TAX_RATES,
  unit_amount_decimal: decimalAmount({ max: 99_999_999 }),
}
const ITEM = hash(INVOICE_ITEM)

type ItemParams = ParamValue<typeof ITEM> & { readonly price?: string; readonly subscription?: string }

/**
 * Creates a pending invoice item.
 *
 * @param name the full name of one of the item's parameters.
 * @throws {StripeApiError} 400 without an amount, or for a price that can't be billed once.
 */
export function createInvoiceItem(
  account: Account,
  customer: CustomerRow,
  params: ItemParams,
  name: (param: string) => string,
): InvoiceItemRow {
  const price = readPrice(account, params, name)
  const { description, metadata: given, period, quantity = 1, subscription } = params
  const asked = params.currency?.toLowerCase() ?? customer.currency
  const currency = price && (asked === null || !hasCurrency(price, asked)) ? price.currency : (asked ?? 'usd')
  const amount = readAmount(params, price && inCurrency(price, currency), { currency, quantity, name })
  if (subscription !== undefined) inParam(account.subscriptions, subscription, 'subscription', name('subscription'))
  const now = account.nowOf(customer.id)
  const id = newId('ii')
  return addInvoiceItem(account, {
    id,
    customer: customer.id,
    currency,
    amount,
    description: description ?? (price ? account.products.get(price.product).name : ''),
    metadata: mergeMetadata({}, given),
    period: period ?? { start: now, end: now },
    price: price?.id ?? null,
    quantity,
    proration: false,
    subscription: subscription ?? null,
    subscription_item: null,
    discountable: params.discountable ?? amount >= 0,
    discounts: readDiscounts(account, params.discounts, {
      customer: customer.id,
      currency,
      param: name('discounts'),
      fields: { invoice_item: id },
    }),
    included_discounts: [],
    tax_rates: readTaxRates(account, params.tax_rates, name('tax_rates')),
  })
}

function readPrice(
  account: Account,
  { price: id, price_data }: ItemParams,
  name: (param: string) => string,
): PriceRow | undefined {
  if (id !== undefined && price_data !== undefined) throw exclusiveParams('price', 'price_data', name('price_data'))
  if (price_data) {
    inParam(account.products, price_data.product, 'product', name('price_data[product]'))
    return createPrice(account, { ...price_data, active: false }, name('price_data'))
  }
  const price = id === undefined ? undefined : inParam(account.prices, id, 'price', name('price'))
  if (price?.tiers)
    throw invalidRequest(
      'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
      { param: name('price') },
    )
  return price
}

function readAmount(
  { amount, unit_amount_decimal: unit }: ItemParams,
  price: PriceRow | undefined,
  { currency, quantity, name }: { currency: string; quantity: number; name: (param: string) => string },
): number {
  if (amount !== undefined && unit !== undefined)
    throw exclusiveParams('amount', 'unit_amount_decimal', name('unit_amount_decimal'))
  if (amount !== undefined) return amount
  if (unit !== undefined) return decimalTimes(unit, quantity, currency)
  if (price) return priceAmount(price, quantity)
  throw missingParam(name('amount'))
}
