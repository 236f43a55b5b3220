import { isRedeemable, redeem } from '../discounts/redeem.ts'
import { sessionLineAmounts } from '../resources/session-amounts.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { DiscountRow } from '../state/rows/discount.ts'

/**
 * Redeems the discount of a session that is being paid. It still counts if its coupon has run out since the session was
 * opened.
 *
 * @returns the ids of the discounts.
 */
export function redeemForSession(
  account: Account,
  session: CheckoutSessionRow,
  customer: string,
  fields: Partial<DiscountRow> = {},
): string[] {
  const sources = session.discounts.map(({ coupon, promotion_code }) =>
    coupon === null ? { promotion_code: promotion_code ?? '' } : { coupon },
  )
  const currency = session.currency ?? 'usd'
  return redeem(account, sources, { customer, currency, param: 'discounts', promised: true, fields })
}

/**
 * Applies the promotion code that a customer typed in on the checkout page. An empty one removes the discount.
 *
 * @returns whether the code can be redeemed. If not, the session stays as it is.
 */
export function applyPromotionCode(account: Account, session: CheckoutSessionRow, code: string): boolean {
  if (code === '') {
    account.checkoutSessions.patch(session.id, { discounts: [] })
    return true
  }
  const currency = session.currency ?? 'usd'
  const amount = sessionLineAmounts(account, session).reduce((sum, line) => sum + line.subtotal, 0)
  const found = account.promotionCodes
    .all()
    .find(
      (row) =>
        row.code.toLowerCase() === code.toLowerCase() &&
        isRedeemable(account, row, { customer: session.customer, currency, amount }),
    )
  if (!found) return false
  account.checkoutSessions.patch(session.id, { discounts: [{ coupon: null, promotion_code: found.id }] })
  return true
}
