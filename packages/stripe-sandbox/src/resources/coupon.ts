import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { CouponRow, DiscountRow, PromotionCodeRow } from '../state/rows/discount.ts'
import type { Wire } from '../wire.ts'

/** Whether a coupon can still be redeemed. */
export function isValid(account: Account, row: CouponRow): boolean {
  return (
    !row.deleted &&
    (row.redeem_by === null || row.redeem_by > account.now()) &&
    (row.max_redemptions === null || row.times_redeemed < row.max_redemptions)
  )
}

export function serializeCoupon(account: Account, row: CouponRow): Wire<Stripe.Coupon> {
  const { amounts: _amounts, deleted: _deleted, products: _products, ...shown } = row
  return {
    ...shown,
    object: 'coupon',
    amount_off: row.currency === null ? null : (row.amounts[row.currency] ?? null),
    livemode: false,
    valid: isValid(account, row),
  }
}

/** Whether a promotion code can still be redeemed, by the customers and for the purchases that it is for. */
export function isActive(account: Account, row: PromotionCodeRow): boolean {
  return (
    row.active &&
    isValid(account, account.coupons.get(row.coupon)) &&
    (row.expires_at === null || row.expires_at > account.now()) &&
    (row.max_redemptions === null || row.times_redeemed < row.max_redemptions)
  )
}

export function serializePromotionCode(account: Account, row: PromotionCodeRow): Wire<Stripe.PromotionCode> {
  const { coupon, minimum_amounts: _minimums, ...shown } = row
  return {
    ...shown,
    object: 'promotion_code',
    active: isActive(account, row),
    customer_account: null,
    livemode: false,
    promotion: { coupon, type: 'coupon' },
  }
}

export function serializeDiscount(row: DiscountRow): Wire<Stripe.Discount | Stripe.DeletedDiscount> {
  const { coupon, deleted, end, terms: _terms, ...shown } = row
  const common = {
    ...shown,
    object: 'discount' as const,
    customer_account: null,
    source: { coupon, type: 'coupon' as const },
  }
  return deleted ? { ...common, deleted } : { ...common, end }
}
