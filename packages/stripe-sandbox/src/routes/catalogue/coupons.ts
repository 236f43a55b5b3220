import { emit, emitUpdated } from '../../events/emit.ts'
import { byCurrency, currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { decimal } from '../../http/more-params.ts'
import {
  clearable,
  hash,
  integer,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  string,
  timeRange,
  timestamp,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { randomText } from '../../ids.ts'
import { serializeCoupon } from '../../resources/coupon.ts'
import type { Account } from '../../state/account.ts'
import type { CouponRow } from '../../state/rows/discount.ts'
import { checkAmount, inParam, inPath } from '../lookup.ts'

const AMOUNT_OFF = integer({ min: 1, max: 99_999_999 })
const CURRENCY_OPTIONS = byCurrency(hash({ amount_off: AMOUNT_OFF }))
const CREATE = hash({
  id: string({ max: 200 }),
  amount_off: AMOUNT_OFF,
  applies_to: hash({ products: list(string()) }),
  currency: currencyCode(),
  currency_options: CURRENCY_OPTIONS,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer({ min: 1, max: 120 }),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  name: string({ max: 40 }),
  percent_off: decimal({ above: 0, max: 100 }),
  redeem_by: timestamp(),
})
const UPDATE = hash({ currency_options: CURRENCY_OPTIONS, metadata: metadata(), name: clearable(string({ max: 40 })) })

export const couponRoutes = [
  route('POST', '/coupons', CREATE, ({ account, params }) => {
    const { amount_off, percent_off = null, duration = 'once', duration_in_months = null } = params
    if (amount_off !== undefined && percent_off !== null)
      throw exclusiveParams('amount_off', 'percent_off', 'amount_off')
    if (amount_off === undefined && percent_off === null) throw missingParam('percent_off')
    if ((duration === 'repeating') !== (duration_in_months !== null))
      throw duration === 'repeating'
        ? missingParam('duration_in_months')
        : invalidRequest('You can only set `duration_in_months` if `duration` is `repeating`.', {
            param: 'duration_in_months',
          })
    const currency = params.currency
    if (amount_off !== undefined && currency === undefined) throw missingParam('currency')
    if (amount_off !== undefined && currency !== undefined) checkAmount(amount_off, currency, 'amount_off')
    if (params.redeem_by !== undefined && params.redeem_by <= account.now())
      throw invalidRequest('`redeem_by` must be in the future.', { param: 'redeem_by' })
    const products = params.applies_to?.products ?? null
    for (const [index, product] of (products ?? []).entries())
      inParam(account.products, product, 'product', `applies_to[products][${index}]`)
    const id = params.id ?? randomText(8)
    const known = account.coupons.find(id)
    if (known && !known.deleted)
      throw invalidRequest('Coupon already exists.', { param: 'id', code: 'resource_already_exists' })
    if (known) account.coupons.remove(id)
    const row = account.coupons.insert({
      id,
      created: account.now(),
      percent_off,
      amounts:
        amount_off === undefined || currency === undefined
          ? {}
          : { [currency]: amount_off, ...amountsOf(params.currency_options) },
      currency: amount_off === undefined ? null : (currency ?? null),
      duration,
      duration_in_months,
      max_redemptions: params.max_redemptions ?? null,
      metadata: mergeMetadata({}, params.metadata),
      name: params.name ?? null,
      products,
      redeem_by: params.redeem_by ?? null,
      times_redeemed: 0,
      deleted: false,
    })
    emit(account, 'coupon.created', serializeCoupon(account, row))
    return serializeCoupon(account, row)
  }),
  route('GET', '/coupons/:id', hash({}), ({ account, id }) => serializeCoupon(account, theCoupon(account, id))),
  route('POST', '/coupons/:id', UPDATE, ({ account, id, params }) => {
    const old = theCoupon(account, id)
    if (params.currency_options !== undefined && old.percent_off !== null)
      throw invalidRequest('You can only set `currency_options` on a coupon with `amount_off`.', {
        param: 'currency_options',
      })
    const row = account.coupons.patch(id, {
      amounts: { ...old.amounts, ...amountsOf(params.currency_options) },
      metadata: mergeMetadata(old.metadata, params.metadata),
      ...(params.name !== undefined && { name: params.name }),
    })
    emitUpdated(account, 'coupon.updated', serializeCoupon(account, old), serializeCoupon(account, row))
    return serializeCoupon(account, row)
  }),
  route('DELETE', '/coupons/:id', hash({}), ({ account, id }) => {
    const old = theCoupon(account, id)
    account.coupons.patch(id, { deleted: true })
    emit(account, 'coupon.deleted', serializeCoupon(account, old))
    return { id, object: 'coupon', deleted: true }
  }),
  route('GET', '/coupons', hash({ ...PAGE, created: timeRange() }), ({ account, params }) => {
    const rows = account.coupons.all().filter((row) => !row.deleted && isWithin(row.created, params.created))
    return page('/v1/coupons', rows, params, (row) => serializeCoupon(account, row))
  }),
]

function theCoupon(account: Account, id: string): CouponRow {
  const row = inPath(account.coupons, id, 'coupon', 'coupon')
  if (row.deleted) throw resourceMissing('coupon', id, { inPath: true, param: 'coupon' })
  return row
}

function amountsOf(options: Record<string, { amount_off?: number }> = {}): Record<string, number> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([currency, { amount_off }]) =>
      amount_off === undefined ? [] : [[currency, amount_off]],
    ),
  )
}
