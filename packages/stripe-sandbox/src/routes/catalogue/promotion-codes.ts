import { emit, emitUpdated } from '../../events/emit.ts'
import { byCurrency, currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
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
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId, randomText } from '../../ids.ts'
import { isActive, isValid, serializePromotionCode } from '../../resources/coupon.ts'
import { customerInParam, inPath } from '../lookup.ts'

const CURRENCY_OPTIONS = byCurrency(hash({ minimum_amount: integer({ min: 1 }) }))

const CREATE = hash({
  promotion: required(hash({ type: required(oneOf('coupon')), coupon: string() })),
  active: boolean(),
  code: string({ max: 500 }),
  customer: string(),
  expires_at: timestamp(),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  restrictions: hash({
    currency_options: CURRENCY_OPTIONS,
    first_time_transaction: boolean(),
    minimum_amount: integer({ min: 1 }),
    minimum_amount_currency: currencyCode(),
  }),
})
const UPDATE = hash({
  active: boolean(),
  metadata: metadata(),
  restrictions: hash({ currency_options: CURRENCY_OPTIONS }),
})
const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  active: boolean(),
  code: string(),
  coupon: string(),
  created: timeRange(),
  customer: string(),
})

export const promotionCodeRoutes = [
  route('POST', '/promotion_codes', CREATE, ({ account, params }) => {
    const { promotion, restrictions = {}, customer = null } = params
    if (promotion.coupon === undefined) throw missingParam('promotion[coupon]')
    const coupon = account.coupons.find(promotion.coupon)
    if (!coupon || coupon.deleted) throw resourceMissing('coupon', promotion.coupon, { param: 'promotion[coupon]' })
    if (!isValid(account, coupon))
      throw invalidRequest(`Coupon expired: ${coupon.id}`, { param: 'promotion[coupon]', code: 'coupon_expired' })
    if (customer !== null) customerInParam(account, customer)
    const code = params.code ?? randomText(8).toUpperCase()
    if (!/^[a-zA-Z0-9-]+$/.test(code))
      throw invalidRequest('A promotion code can have only letters, digits and dashes.', { param: 'code' })
    const taken = account.promotionCodes
      .all()
      .some((row) => sameCode(row.code, code) && row.customer === customer && isActive(account, row))
    if (taken)
      throw invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, { param: 'code' })
    const row = account.promotionCodes.insert({
      id: newId('promo'),
      created: account.now(),
      active: params.active ?? true,
      code,
      coupon: coupon.id,
      customer,
      expires_at: params.expires_at ?? null,
      max_redemptions: params.max_redemptions ?? null,
      metadata: mergeMetadata({}, params.metadata),
      restrictions: {
        first_time_transaction: restrictions.first_time_transaction ?? false,
        minimum_amount: restrictions.minimum_amount ?? null,
        minimum_amount_currency: restrictions.minimum_amount_currency ?? null,
      },
      ...(restrictions.currency_options && { minimum_amounts: minimumsOf(restrictions.currency_options) }),
      times_redeemed: 0,
    })
    emit(account, 'promotion_code.created', serializePromotionCode(account, row))
    return serializePromotionCode(account, row)
  }),
  route('GET', '/promotion_codes/:id', hash({}), ({ account, id }) =>
    serializePromotionCode(account, inPath(account.promotionCodes, id, 'promotion code')),
  ),
  route('POST', '/promotion_codes/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.promotionCodes, id, 'promotion code')
    if (params.active && !isActive(account, { ...old, active: true }))
      throw invalidRequest('This promotion code can no longer be redeemed, so it cannot be activated.', {
        param: 'active',
      })
    const row = account.promotionCodes.patch(id, {
      ...(params.active !== undefined && { active: params.active }),
      ...(params.restrictions?.currency_options && {
        minimum_amounts: { ...old.minimum_amounts, ...minimumsOf(params.restrictions.currency_options) },
      }),
      metadata: mergeMetadata(old.metadata, params.metadata),
    })
    emitUpdated(
      account,
      'promotion_code.updated',
      serializePromotionCode(account, old),
      serializePromotionCode(account, row),
    )
    return serializePromotionCode(account, row)
  }),
  route('GET', '/promotion_codes', LIST, ({ account, params }) => {
    const { active, code, coupon, created, customer } = params
    const rows = account.promotionCodes
      .all()
      .filter(
        (row) =>
          isWithin(row.created, created) &&
          (active === undefined || isActive(account, row) === active) &&
          (code === undefined || sameCode(row.code, code)) &&
          (coupon === undefined || row.coupon === coupon) &&
          (customer === undefined || row.customer === customer),
      )
    return page('/v1/promotion_codes', rows, params, (row) => serializePromotionCode(account, row))
  }),
]

function minimumsOf(options: ParamValue<typeof CURRENCY_OPTIONS>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([currency, { minimum_amount }]) =>
      minimum_amount === undefined ? [] : [[currency, minimum_amount]],
    ),
  )
}

/** Codes are unique and found regardless of case. */
function sameCode(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
