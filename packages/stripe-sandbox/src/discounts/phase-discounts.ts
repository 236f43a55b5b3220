import { isValid } from '../resources/coupon.ts'
import type { Account } from '../state/account.ts'
import type { PhaseDiscount } from '../state/rows/subscription.ts'
import { redeem } from './redeem.ts'

/**
 * The discounts that a phase puts on a subscription or an item. A discount that is there already stays, so that it
 * keeps its end. One that is over, or whose coupon has run out, is left out.
 *
 * @param present the discounts that the subscription or the item has now.
 * @returns the ids of the discounts.
 */
export function enterDiscounts(
  account: Account,
  wanted: readonly PhaseDiscount[],
  present: readonly string[],
  { customer, currency }: { customer: string; currency: string },
): string[] {
  const left = [...present]
  return wanted.flatMap(({ coupon, discount, promotion_code }) => {
    const known = left.find((id) => {
      const row = account.discounts.get(id)
      if (discount !== null) return id === discount
      return promotion_code === null
        ? row.coupon === coupon && row.promotion_code === null
        : row.promotion_code === promotion_code
    })
    if (known !== undefined) {
      left.splice(left.indexOf(known), 1)
      return known
    }
    const id = coupon ?? account.promotionCodes.find(promotion_code ?? '')?.coupon
    const row = id === undefined ? undefined : account.coupons.find(id)
    if (!row || !isValid(account, row)) return []
    const source = promotion_code === null ? { coupon: row.id } : { promotion_code }
    return redeem(account, [source], { customer, currency, param: 'discounts', promised: true })
  })
}
