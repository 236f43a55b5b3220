import { taxLine } from '../../amounts/tax-line.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeCalculationLine, serializeTaxCalculation } from '../../resources/tax-calculation.ts'
import type { Account } from '../../state/account.ts'
import type { TaxedAmount, TaxedCustomer, TaxedLine, TaxedShipping } from '../../state/rows/tax-calculation.ts'
import type { AutomaticTax } from '../../state/rows/tax.ts'
import { ratesOfLine, taxesFor, type TaxPayer } from '../../taxes/automatic-tax.ts'
import { locatedCustomer } from '../../taxes/located-customer.ts'
import { taxTermsOf } from '../../taxes/product-terms.ts'
import { verdictOn } from '../../taxes/tax-ids.ts'
import { DAY } from '../../time.ts'
import { readShippingRate } from '../catalogue/shipping-rates.ts'
import { needsPlace } from '../catalogue/tax-codes.ts'
import { checkTaxId, TAX_ID_DATA } from '../customers/tax-ids.ts'
import { checkAmount, customerInParam, inParam, inPath } from '../lookup.ts'
import { fullAddress, TAX_ADDRESS } from '../tax-params.ts'

const BEHAVIOR = oneOf('exclusive', 'inclusive')
const CREATE = hash({
  currency: required(currencyCode()),
  customer: string(),
  customer_details: hash({
    address: TAX_ADDRESS,
    address_source: oneOf('billing', 'shipping'),
    ip_address: string(),
    tax_ids: TAX_ID_DATA,
    taxability_override: oneOf('customer_exempt', 'none', 'reverse_charge'),
  }),
  line_items: required(
    list(
      hash({
        amount: required(integer({ min: 0 })),
        metadata: metadata(),
        performance_location: string(),
        product: string(),
        quantity: integer({ min: 1 }),
        reference: string({ max: 500 }),
        tax_behavior: BEHAVIOR,
        tax_code: string(),
      }),
    ),
  ),
  ship_from_details: hash({ address: required(TAX_ADDRESS) }),
  shipping_cost: hash({
    amount: integer({ min: 0 }),
    shipping_rate: string(),
    tax_behavior: BEHAVIOR,
    tax_code: string(),
  }),
  tax_date: timestamp(),
})

/** @see https://docs.stripe.com/api/tax/calculations */
export const taxCalculationRoutes = [
  route('POST', '/tax/calculations', CREATE, ({ account, params }) => {
    const currency = params.currency
    const { details, payer } = readPayer(account, params)
    const taxes = taxesFor(account, payer)
    checkStatus(taxes)
    if (params.line_items.length === 0) throw missingParam('line_items')
    const created = account.now()
    const row = account.taxCalculations.insert({
      id: newId('taxcalc'),
      created,
      currency,
      customer: params.customer ?? null,
      customer_details: details,
      // https://docs.stripe.com/api/tax/calculations/object#tax_calculation_object-expires_at
      expires_at: created + 90 * DAY,
      lines: readLines(account, params.line_items, { currency, taxes }),
      ship_from_details: params.ship_from_details ? { address: fullAddress(params.ship_from_details.address) } : null,
      shipping: params.shipping_cost ? readShipping(account, params.shipping_cost, { currency, taxes }) : null,
      tax_date: params.tax_date ?? created,
    })
    return serializeTaxCalculation(account, row)
  }),
  route('GET', '/tax/calculations/:id', hash({}), ({ account, id }) =>
    serializeTaxCalculation(account, inPath(account.taxCalculations, id, 'tax calculation')),
  ),
  route('GET', '/tax/calculations/:id/line_items', hash(PAGE), ({ account, id, params }) => {
    const { lines } = inPath(account.taxCalculations, id, 'tax calculation')
    return page(`/v1/tax/calculations/${id}/line_items`, lines.toReversed(), params, serializeCalculationLine)
  }),
]

type Given = ParamValue<typeof CREATE>

/** Who buys: a customer, or who the request describes. */
function readPayer(
  account: Account,
  { customer, customer_details: given }: Given,
): { details: TaxedCustomer; payer: TaxPayer } {
  if (customer !== undefined && given) throw exclusiveParams('customer', 'customer_details', 'customer_details')
  if (customer !== undefined) {
    const { id, tax_exempt } = customerInParam(account, customer)
    const located = locatedCustomer(account, id)
    const tax_ids = account.taxIds.by('customer', id)
    const { shipping } = located
    const override = { exempt: 'customer_exempt', none: 'none', reverse: 'reverse_charge' } as const
    return {
      details: {
        address: shipping ? { city: null, line1: null, line2: null, ...shipping } : located.address,
        address_source: shipping ? 'shipping' : located.address && 'billing',
        ip_address: located.tax_ip_address ?? null,
        tax_ids: tax_ids.map(({ type, value }) => ({ type, value })),
        taxability_override: override[tax_exempt ?? 'none'],
      },
      payer: { ...located, tax_ids },
    }
  }
  if (!given) throw missingParam('customer_details')
  const { address_source = null, ip_address = null, tax_ids = [], taxability_override = 'none' } = given
  if (given.address && address_source === null) throw missingParam('customer_details[address_source]')
  for (const [index, tax_id] of tax_ids.entries()) checkTaxId(tax_id, `customer_details[tax_ids][${index}][value]`)
  const address = given.address ? fullAddress(given.address) : null
  const exempt = { customer_exempt: 'exempt', none: 'none', reverse_charge: 'reverse' } as const
  return {
    details: { address, address_source, ip_address, tax_ids, taxability_override },
    payer: {
      address: address_source === 'shipping' ? null : address,
      shipping: address_source === 'shipping' ? address : null,
      tax_exempt: exempt[taxability_override],
      tax_ids: tax_ids.map(({ type, value }) => {
        const status = verdictOn(type, value)
        return { type, verification: status && { status, verified_address: null, verified_name: null } }
      }),
      tax_ip_address: ip_address,
    },
  }
}

/** @throws {StripeApiError} 400 if the taxes can't be computed. */
function checkStatus({ status }: AutomaticTax): void {
  if (status === 'requires_location_inputs')
    throw invalidRequest("We could not determine the customer's tax location based on the provided customer address.", {
      param: 'customer_details[address]',
      code: 'customer_tax_location_invalid',
    })
  if (status === 'failed')
    throw invalidRequest('The tax calculation failed. Please try again later.', { code: 'taxes_calculation_failed' })
}

interface Rules {
  readonly currency: string
  readonly taxes: AutomaticTax
}

function readLines(account: Account, given: Given['line_items'], rules: Rules): TaxedLine[] {
  const lines = given.map(({ amount, product, quantity = 1, tax_behavior, tax_code, ...line }, index): TaxedLine => {
    const param = `line_items[${index}]`
    if (product !== undefined) inParam(account.products, product, 'product', `${param}[product]`)
    checkAmount(amount, rules.currency, `${param}[amount]`)
    const id = newId('tax_li')
    const terms = product === undefined ? {} : taxTermsOf(account, product)
    const code = tax_code ?? terms.tax_code
    const place = line.performance_location ?? terms.performance_location
    checkPlace(account, code, place, `${param}[performance_location]`)
    return {
      id,
      metadata: mergeMetadata({}, line.metadata),
      ...(place !== undefined && { performance_location: place }),
      product: product ?? null,
      quantity,
      reference: line.reference ?? id,
      ...taxed(account, { amount, tax_behavior, tax_code: code, performance_location: place }, rules),
    }
  })
  for (const [index, { reference }] of lines.entries())
    if (lines.findIndex((line) => line.reference === reference) !== index)
      throw invalidRequest(`The reference of each line item must be unique. \`${reference}\` is used twice.`, {
        param: `line_items[${index}][reference]`,
      })
  return lines
}

/** @throws {StripeApiError} 400 for a place that doesn't exist, and without one for tickets. */
function checkPlace(account: Account, tax_code: string | undefined, place: string | undefined, param: string): void {
  if (place !== undefined) inParam(account.taxLocations, place, 'tax location', param)
  else if (tax_code !== undefined && needsPlace(tax_code)) throw missingParam(param)
}

function readShipping(
  account: Account,
  { amount, shipping_rate, tax_behavior, tax_code }: NonNullable<Given['shipping_cost']>,
  rules: Rules,
): TaxedShipping {
  const [param, code] = ['shipping_cost', 'txcd_92010001']
  if (amount !== undefined && shipping_rate !== undefined)
    throw exclusiveParams('amount', 'shipping_rate', `${param}[shipping_rate]`)
  if (shipping_rate === undefined) {
    if (amount === undefined) throw missingParam(`${param}[amount]`)
    checkAmount(amount, rules.currency, `${param}[amount]`)
    return taxed(account, { amount, tax_behavior, tax_code: tax_code ?? code }, rules)
  }
  const rate = account.shippingRates.get(
    readShippingRate(account, { shipping_rate }, { currency: rules.currency, param }),
  )
  const own = rate.currency === rules.currency ? rate : (rate.currency_options[rules.currency] ?? rate)
  const behavior = tax_behavior ?? (own.tax_behavior === 'unspecified' ? undefined : own.tax_behavior)
  const terms = { amount: own.amount, tax_behavior: behavior, tax_code: tax_code ?? rate.tax_code ?? code }
  return { ...taxed(account, terms, rules), shipping_rate }
}

/** An amount with its taxes. Without a tax behavior, they are added to it. */
function taxed(
  account: Account,
  {
    amount,
    tax_behavior = 'exclusive',
    tax_code = account.taxSettings.find('tax')?.tax_code ?? 'txcd_10000000',
    performance_location,
  }: {
    amount: number
    tax_behavior?: 'exclusive' | 'inclusive' | undefined
    tax_code?: string | undefined
    performance_location?: string | undefined
  },
  { currency, taxes }: Rules,
): TaxedAmount {
  const rates = ratesOfLine(account, taxes, {
    ...{ currency, price: null, product: null, tax_behavior, tax_code },
    ...(performance_location !== undefined && { performance_location }),
  })
  const own = taxLine(
    amount,
    rates.map((id) => account.taxRates.get(id)),
    currency,
  )
  return {
    amount,
    amount_tax: own.reduce((sum, tax) => sum + tax.amount, 0),
    tax_behavior,
    tax_code,
    taxes: own.map((tax) => ({ amount: tax.amount, tax_rate: tax.tax_rate, taxable_amount: tax.taxable_amount })),
  }
}
