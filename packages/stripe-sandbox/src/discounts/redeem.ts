import { invalidRequest, resourceMissing } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { isActive, isValid } from '../resources/coupon.ts'
import type { Account } from '../state/account.ts'
import type { CouponRow, DiscountRow, PromotionCodeRow } from '../state/rows/discount.ts'
import { addMonths } from '../time.ts'

/** What a request names as a discount: exactly one of the three. */
export interface DiscountSource {
  readonly coupon?: string
  readonly promotion_code?: string
  /** A discount that the object already has, to keep it. */
  readonly discount?: string
}

interface Redemption {
  /** Empty for a guest. */
  readonly customer: string
  readonly currency: string
  /** The name of the parameter, such as `discounts`. */
  readonly param: string
  /** The discounts that the object or its parents have now. */
  readonly present?: readonly string[]
  /** Whether the coupon or code was checked before, so that it counts even if it has run out since. */
  readonly promised?: boolean
  /** What the discount is for, if it is known already. */
  readonly fields?: Partial<DiscountRow>
}

/**
 * Redeems coupons and promotion codes. The new discounts are not on a subscription yet: see `announce-discounts.ts`.
 *
 * @returns the ids of the discounts, new and kept ones, in order.
 * @throws {StripeApiError} 400 for a coupon or a code that can't be redeemed.
 */
export function redeem(account: Account, sources: readonly DiscountSource[], redemption: Redemption): string[] {
  return sources.map((source, index) =>
    redeemOne(account, source, { ...redemption, param: `${redemption.param}[${index}]` }),
  )
}

function redeemOne(account: Account, source: DiscountSource, redemption: Redemption): string {
  const { param, present = [] } = redemption
  const [name, ...others] = Object.entries(source).filter(([, value]) => value !== undefined)
  if (!name || others.length > 0)
    throw invalidRequest(
      'You must specify exactly one of `coupon`, `discount` or `promotion_code` for each discount.',
      {
        param,
      },
    )
  if (source.discount !== undefined) {
    if (present.includes(source.discount)) return source.discount
    throw resourceMissing('discount', source.discount, { param: `${param}[discount]` })
  }
  if (source.promotion_code !== undefined) {
    const code = account.promotionCodes.find(source.promotion_code)
    if (!code) throw resourceMissing('promotion code', source.promotion_code, { param: `${param}[promotion_code]` })
    if (!redemption.promised) checkCode(account, code, redemption)
    account.promotionCodes.patch(code.id, { times_redeemed: code.times_redeemed + 1 })
    return insertDiscount(account, account.coupons.get(code.coupon), redemption, code.id).id
  }
  const id = source.coupon ?? ''
  const coupon = account.coupons.find(id)
  if (!coupon || (coupon.deleted && !redemption.promised))
    throw resourceMissing('coupon', id, { param: `${param}[coupon]` })
  if (!redemption.promised && !isValid(account, coupon))
    throw invalidRequest(`Coupon expired: ${id}`, { param: `${param}[coupon]`, code: 'coupon_expired' })
  return insertDiscount(account, coupon, redemption, null).id
}

/**
 * Checks that a customer can redeem a promotion code.
 *
 * @throws {StripeApiError} 400 if it is inactive, for another customer, or only for first-time customers.
 */
function checkCode(account: Account, code: PromotionCodeRow, { customer, param }: Redemption): void {
  const refuse = (why: string, error: { code?: string } = {}) =>
    invalidRequest(`This promotion code cannot be redeemed because ${why}.`, {
      param: `${param}[promotion_code]`,
      ...error,
    })
  if (!isActive(account, code)) throw refuse('it is inactive or expired')
  if (code.customer !== null && code.customer !== customer) throw refuse('it is for another customer')
  if (code.restrictions.first_time_transaction && hasPaid(account, customer))
    throw refuse('the associated customer has prior transactions', { code: 'promotion_code_customer_not_first_time' })
}

/** Whether a customer can redeem a promotion code for a purchase. */
export function isRedeemable(
  account: Account,
  code: PromotionCodeRow,
  { customer, currency, amount }: { customer: string | null; currency: string; amount: number },
): boolean {
  const { first_time_transaction, minimum_amount, minimum_amount_currency } = code.restrictions
  const minimum = minimum_amount_currency === currency ? minimum_amount : (code.minimum_amounts?.[currency] ?? null)
  const { amounts, percent_off } = account.coupons.get(code.coupon)
  return (
    isActive(account, code) &&
    (code.customer === null || code.customer === customer) &&
    (!first_time_transaction || customer === null || !hasPaid(account, customer)) &&
    (percent_off !== null || amounts[currency] !== undefined) &&
    (minimum === null ? minimum_amount === null : amount >= minimum)
  )
}

function hasPaid(account: Account, customer: string): boolean {
  return account.invoices.by('customer', customer).some((invoice) => invoice.status === 'paid' && !invoice.deleted)
}

function insertDiscount(
  account: Account,
  coupon: CouponRow,
  { customer, currency, param, fields }: Redemption,
  promotion_code: string | null,
): DiscountRow {
  if (coupon.percent_off === null && coupon.amounts[currency] === undefined)
    throw invalidRequest(
      `The coupon \`${coupon.id}\` takes off an amount in ${Object.keys(coupon.amounts).join(', ')}, so it can't be applied to an amount in ${currency}.`,
      { param },
    )
  account.coupons.patch(coupon.id, { times_redeemed: coupon.times_redeemed + 1 })
  const start = account.nowOf(customer)
  const { percent_off, amounts, duration, duration_in_months, products } = coupon
  return account.discounts.insert({
    id: newId('di'),
    coupon: coupon.id,
    terms: { percent_off, amounts, duration, duration_in_months, products },
    customer: customer === '' ? null : customer,
    promotion_code,
    start,
    end: duration === 'repeating' && duration_in_months !== null ? addMonths(start, duration_in_months) : null,
    checkout_session: null,
    invoice: null,
    invoice_item: null,
    subscription: null,
    subscription_item: null,
    deleted: false,
    ...fields,
  })
}
