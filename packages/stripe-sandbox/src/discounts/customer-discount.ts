import { previousAttributes } from '../events/diff.ts'
import { emit } from '../events/emit.ts'
import { serializeDiscount } from '../resources/coupon.ts'
import { updateCustomer } from '../resources/customer.ts'
import type { Account } from '../state/account.ts'
import { redeem, type DiscountSource } from './redeem.ts'

/**
 * Sets a customer's discount in place of the one they have, or removes it.
 *
 * @throws {StripeApiError} 400 for a coupon or a code that can't be redeemed.
 */
export function discountCustomer(account: Account, customer: string, source: DiscountSource | null): void {
  const { currency, discount: old } = account.customers.get(customer)
  if (source === null) {
    if (old != null) endCustomerDiscount(account, customer)
    return
  }
  const code = account.promotionCodes.find(source.promotion_code ?? '')
  const coupon = account.coupons.find(source.coupon ?? code?.coupon ?? '')
  const [discount = ''] = redeem(account, [source], {
    customer,
    currency: currency ?? coupon?.currency ?? 'usd',
    param: 'discounts',
  })
  updateCustomer(account, customer, { discount })
  const now = serializeDiscount(account.discounts.get(discount))
  if (old == null) {
    emit(account, 'customer.discount.created', now)
    return
  }
  const was = serializeDiscount(account.discounts.get(old))
  account.discounts.patch(old, { deleted: true })
  emit(account, 'customer.discount.updated', now, previousAttributes({ ...was }, { ...now }))
}

/** Removes a customer's discount. */
export function endCustomerDiscount(account: Account, customer: string): void {
  const { discount } = account.customers.get(customer)
  if (discount == null) return
  updateCustomer(account, customer, { discount: null })
  emit(account, 'customer.discount.deleted', serializeDiscount(account.discounts.get(discount)))
  account.discounts.patch(discount, { deleted: true })
}
