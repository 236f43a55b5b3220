import { redeem } from '../discounts/redeem.ts'
import { clearable, hash, list, string, type ParamValue } from '../http/params.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { DiscountRow } from '../state/rows/discount.ts'
import type { PhaseDiscount } from '../state/rows/subscription.ts'

/** The discounts of an object. An empty text removes them all. */
export const DISCOUNTS = clearable(
  list(hash({ coupon: string(), discount: string(), promotion_code: string() }), { max: 20 }),
)

/**
 * The ids of the discounts that a request asks for.
 *
 * @param where.present the discounts that the object has now, which stay if the request doesn't mention any.
 * @throws {StripeApiError} 400 for a coupon or a code that can't be redeemed.
 */
export function readDiscounts(
  account: Account,
  given: ParamValue<typeof DISCOUNTS> | undefined,
  where: {
    customer: string
    currency: string
    param: string
    present?: readonly string[]
    parents?: readonly string[]
    fields?: Partial<DiscountRow>
  },
): string[] {
  const { present = [], parents = [] } = where
  if (given === undefined) return [...present]
  return given === null ? [] : redeem(account, given, { ...where, present: [...present, ...parents] })
}

/**
 * The discounts of a schedule's phase. They are only tried out here, and redeemed when the phase begins. A `discount`
 * is one that the subscription or the item has.
 *
 * @throws {StripeApiError} 400 for a coupon or a code that can't be redeemed.
 */
export function readPhaseDiscounts(
  account: Account,
  given: ParamValue<typeof DISCOUNTS> | undefined,
  where: { customer: string; currency: string; param: string },
): PhaseDiscount[] {
  const present = (given ?? []).flatMap(({ discount }) =>
    discount !== undefined && account.discounts.find(discount)?.customer === where.customer ? [discount] : [],
  )
  account.journal.rehearse(() => redeem(account, given ?? [], { ...where, present }))
  return (given ?? []).map(({ coupon = null, discount = null, promotion_code = null }) => ({
    coupon,
    discount,
    promotion_code,
  }))
}

/**
 * The discounts of a session. They are only tried out here, and redeemed when the session is paid.
 *
 * @throws {StripeApiError} 400 for a coupon or a code that can't be redeemed.
 */
export function readSessionDiscounts(
  account: Account,
  given: { coupon?: string; promotion_code?: string }[],
  customer: string | null,
  currency: string,
): CheckoutSessionRow['discounts'] {
  account.journal.rehearse(() => redeem(account, given, { customer: customer ?? '', currency, param: 'discounts' }))
  return given.map(({ coupon = null, promotion_code = null }) => ({ coupon, promotion_code }))
}
