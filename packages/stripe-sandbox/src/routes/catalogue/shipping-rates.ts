import { shipsIn } from '../../amounts/shipping-amounts.ts'
import { byCurrency, currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  boolean,
  hash,
  integer,
  isWithin,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeShippingRate } from '../../resources/shipping-rate.ts'
import type { Account } from '../../state/account.ts'
import type { ShippingRateRow } from '../../state/rows/shipping.ts'
import { checkAmount, inParam, inPath } from '../lookup.ts'
import { TAX_BEHAVIOR } from './price-params.ts'

const AMOUNT = required(integer({ min: 0, max: 99_999_999 }))
const BOUND = hash({
  unit: required(oneOf('business_day', 'day', 'hour', 'month', 'week')),
  value: required(integer({ min: 1 })),
})

/** A shipping rate that is described inline, or in a request that creates one. */
const SHIPPING_RATE_DATA = hash({
  display_name: required(string({ max: 100 })),
  delivery_estimate: hash({ maximum: BOUND, minimum: BOUND }),
  fixed_amount: hash({
    amount: AMOUNT,
    currency: required(currencyCode()),
    currency_options: byCurrency(hash({ amount: AMOUNT, tax_behavior: TAX_BEHAVIOR })),
  }),
  metadata: metadata(),
  tax_behavior: TAX_BEHAVIOR,
  tax_code: string(),
  type: oneOf('fixed_amount'),
})
const UPDATE = hash({
  active: boolean(),
  fixed_amount: hash({
    currency_options: byCurrency(hash({ amount: integer({ min: 0, max: 99_999_999 }), tax_behavior: TAX_BEHAVIOR })),
  }),
  metadata: metadata(),
  tax_behavior: TAX_BEHAVIOR,
})

/** @see https://docs.stripe.com/api/shipping_rates */
export const shippingRateRoutes = [
  route('POST', '/shipping_rates', SHIPPING_RATE_DATA, ({ account, params }) =>
    serializeShippingRate(createShippingRate(account, params)),
  ),
  route('GET', '/shipping_rates/:id', hash({}), ({ account, id }) =>
    serializeShippingRate(inPath(account.shippingRates, id, 'shipping rate')),
  ),
  route('POST', '/shipping_rates/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.shippingRates, id, 'shipping rate')
    const { active, fixed_amount, tax_behavior } = params
    const options = { ...old.currency_options }
    for (const [currency, { amount, tax_behavior: behavior }] of Object.entries(fixed_amount?.currency_options ?? {})) {
      const param = `fixed_amount[currency_options][${currency}]`
      const before = currency === old.currency ? old : old.currency_options[currency]
      if (before && amount !== undefined && amount !== before.amount)
        throw invalidRequest(`The amount in ${currency} can't be changed once it is set.`, { param })
      if (!before && amount === undefined) throw missingParam(`${param}[amount]`)
      if (amount !== undefined) checkAmount(amount, currency, `${param}[amount]`)
      if (currency === old.currency) continue
      options[currency] = {
        amount: amount ?? before?.amount ?? 0,
        tax_behavior: behavior ?? before?.tax_behavior ?? 'unspecified',
      }
    }
    if (tax_behavior !== undefined && old.tax_behavior !== 'unspecified' && tax_behavior !== old.tax_behavior)
      throw invalidRequest("The `tax_behavior` of a shipping rate can't be changed once it is set.", {
        param: 'tax_behavior',
      })
    const row = account.shippingRates.patch(id, {
      ...(active !== undefined && { active }),
      currency_options: options,
      metadata: mergeMetadata(old.metadata, params.metadata),
      ...(tax_behavior && { tax_behavior }),
    })
    return serializeShippingRate(row)
  }),
  route(
    'GET',
    '/shipping_rates',
    hash({ ...PAGE, active: boolean(), created: timeRange(), currency: currencyCode() }),
    ({ account, params }) => {
      const { active, created, currency } = params
      const rows = account.shippingRates
        .all()
        .filter(
          (row) =>
            isWithin(row.created, created) &&
            (active === undefined || row.active === active) &&
            (currency === undefined || row.currency === currency),
        )
      return page('/v1/shipping_rates', rows, params, serializeShippingRate)
    },
  ),
]

/** @throws {StripeApiError} 400 without an amount, or for one that its currency doesn't have. */
function createShippingRate(
  account: Account,
  { delivery_estimate, display_name, fixed_amount, ...given }: ParamValue<typeof SHIPPING_RATE_DATA>,
  within = '',
): ShippingRateRow {
  const name = (param: string): string => (within ? `${within}[${param}]` : param)
  if (!fixed_amount) throw missingParam(name('fixed_amount'))
  const currency = fixed_amount.currency
  checkAmount(fixed_amount.amount, currency, `${name('fixed_amount')}[amount]`)
  const { maximum = null, minimum = null } = delivery_estimate ?? {}
  return account.shippingRates.insert({
    id: newId('shr'),
    created: account.now(),
    active: true,
    amount: fixed_amount.amount,
    currency,
    currency_options: Object.fromEntries(
      Object.entries(fixed_amount.currency_options ?? {}).map(([code, option]) => [
        code,
        { amount: option.amount, tax_behavior: option.tax_behavior ?? 'unspecified' },
      ]),
    ),
    delivery_estimate: delivery_estimate ? { maximum, minimum } : null,
    display_name,
    metadata: mergeMetadata({}, given.metadata),
    tax_behavior: given.tax_behavior ?? 'unspecified',
    tax_code: given.tax_code ?? null,
  })
}

/** A way of shipping in a request: a shipping rate, or one that is described inline. */
export const SHIPPING_OPTION = hash({ shipping_rate: string(), shipping_rate_data: SHIPPING_RATE_DATA })

/**
 * The id of the shipping rate that a request names or describes.
 *
 * @throws {StripeApiError} 400 if there is no such rate, or it is archived, or has another currency.
 */
export function readShippingRate(
  account: Account,
  { shipping_rate: id, shipping_rate_data: data }: ParamValue<typeof SHIPPING_OPTION>,
  { currency, param }: { currency: string; param: string },
): string {
  if (id !== undefined && data !== undefined)
    throw exclusiveParams('shipping_rate', 'shipping_rate_data', `${param}[shipping_rate_data]`)
  if (id === undefined && data === undefined) throw missingParam(`${param}[shipping_rate]`)
  const rate =
    data === undefined
      ? inParam(account.shippingRates, id ?? '', 'shipping rate', `${param}[shipping_rate]`)
      : createShippingRate(account, data, `${param}[shipping_rate_data]`)
  if (!rate.active)
    throw invalidRequest(`The shipping rate ${rate.id} is archived and cannot be used.`, {
      param: `${param}[shipping_rate]`,
    })
  if (!shipsIn(rate, currency))
    throw invalidRequest(
      `The shipping rate ${rate.id} has the currency \`${rate.currency}\`, which doesn't match the expected currency: \`${currency}\`.`,
      { param: `${param}[shipping_rate]` },
    )
  return rate.id
}
