import { decimalTimes, priceAmount } from '../../amounts/price-parts.ts'
import { addInvoiceItem } from '../../billing/pending-items.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { decimalAmount } from '../../http/more-params.ts'
import {
  boolean,
  clearable,
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
import { refuseCustomAmount } from '../catalogue/custom-amount.ts'
import { TAX_BEHAVIOR, UNIT_AMOUNT } from '../catalogue/price-params.ts'
import { DISCOUNTS, readDiscounts } from '../discount-params.ts'
import { checkTotal, inParam } from '../lookup.ts'
import { readTaxRates, TAX_RATES } from '../tax-params.ts'

/** What an invoice item bills, in `/invoiceitems` and in previews. */
export const INVOICE_ITEM = {
  amount: integer(),
  currency: currencyCode(),
  description: string(),
  discountable: boolean(),
  discounts: DISCOUNTS,
  metadata: metadata(),
  period: hash({ start: required(timestamp()), end: required(timestamp()) }),
  price_data: hash({ currency: required(currencyCode()), product: required(string()), ...UNIT_AMOUNT }),
  quantity: integer({ min: 0 }),
  quantity_decimal: decimalAmount({ max: 99_999_999 }),
  tax_behavior: TAX_BEHAVIOR,
  tax_code: clearable(string()),
  tax_rates: TAX_RATES,
  unit_amount_decimal: decimalAmount({ max: 99_999_999, negative: true }),
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
  const { description, metadata: given, period, subscription } = params
  const units = readUnits(params, name)
  const asked = params.currency ?? customer.currency
  const currency = price && (asked === null || !hasCurrency(price, asked)) ? price.currency : (asked ?? 'usd')
  const amount = readAmount(params, price, { currency, units, name })
  if (amount === null) throw missingParam(name('amount'))
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
    ...units,
    ...readTaxTerms(params),
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

type Units = Pick<InvoiceItemRow, 'quantity' | 'quantity_decimal'>
type Naming = (param: string) => string

/**
 * The quantity that a request asks for.
 *
 * @param present the quantity that the item has now.
 * @throws {StripeApiError} 400 for both a whole quantity and one with decimals.
 */
export function readUnits(
  { quantity, quantity_decimal: decimal }: Pick<ItemParams, 'quantity' | 'quantity_decimal'>,
  name: Naming,
  present: Units = { quantity: 1 },
): Units {
  if (quantity !== undefined && decimal !== undefined)
    throw exclusiveParams('quantity', 'quantity_decimal', name('quantity_decimal'))
  if (decimal !== undefined)
    return { quantity: Math.trunc(Number(decimal)), quantity_decimal: decimal.includes('.') ? decimal : undefined }
  if (quantity !== undefined) return { quantity, quantity_decimal: undefined }
  return { quantity: present.quantity, quantity_decimal: present.quantity_decimal }
}

/** How an item is taxed by location, as far as a request says so. */
export function readTaxTerms({
  tax_behavior: behavior,
  tax_code,
}: Pick<ItemParams, 'tax_behavior' | 'tax_code'>): Pick<InvoiceItemRow, 'tax_behavior' | 'tax_code'> {
  return {
    ...(behavior && { tax_behavior: behavior === 'unspecified' ? undefined : behavior }),
    ...(tax_code !== undefined && { tax_code: tax_code ?? undefined }),
  }
}

/**
 * The price that a request names or describes, if it does.
 *
 * @throws {StripeApiError} 400 for a price that can't be billed once.
 */
export function readPrice(
  account: Account,
  { price: id, price_data }: Pick<ItemParams, 'price' | 'price_data'>,
  name: Naming,
): PriceRow | undefined {
  if (id !== undefined && price_data !== undefined) throw exclusiveParams('price', 'price_data', name('price_data'))
  if (price_data) {
    inParam(account.products, price_data.product, 'product', name('price_data[product]'))
    return createPrice(account, { ...price_data, active: false }, name('price_data'))
  }
  const price = id === undefined ? undefined : inParam(account.prices, id, 'price', name('price'))
  if (price) refuseCustomAmount(price, name('price'))
  if (price?.tiers)
    throw invalidRequest(
      'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
      { param: name('price') },
    )
  return price
}

/**
 * What an item costs.
 *
 * @returns null if neither the request nor a price says it.
 * @throws {StripeApiError} 400 for an amount together with one per unit.
 * @throws {StripeApiError} 400 for an amount of more than twelve digits.
 */
export function readAmount(
  { amount, unit_amount_decimal: unit }: Pick<ItemParams, 'amount' | 'unit_amount_decimal'>,
  price: PriceRow | undefined,
  { currency, units, name }: { currency: string; units: Units; name: Naming },
): number | null {
  if (amount !== undefined && unit !== undefined)
    throw exclusiveParams('amount', 'unit_amount_decimal', name('unit_amount_decimal'))
  const cost = amount ?? costOf(unit, price, { currency, units })
  if (cost !== null) checkTotal(cost, currency, name('amount'))
  return cost
}

function costOf(
  unit: string | undefined,
  price: PriceRow | undefined,
  { currency, units }: { currency: string; units: Units },
): number | null {
  const count = units.quantity_decimal ?? units.quantity
  if (unit !== undefined) return decimalTimes(unit, count, currency)
  if (!price) return null
  const { transform_quantity, unit_amount_decimal, ...terms } = inCurrency(price, currency)
  return transform_quantity
    ? priceAmount({ ...terms, transform_quantity, unit_amount_decimal }, Number(count))
    : decimalTimes(unit_amount_decimal ?? '0', count, currency)
}
