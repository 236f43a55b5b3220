import { endCustomerDiscount } from '../../discounts/customer-discount.ts'
import { invalidRequest } from '../../http/errors.ts'
import { hash } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeDiscount } from '../../resources/coupon.ts'
import { updateSubscription } from '../../resources/subscription.ts'
import { inPath } from '../lookup.ts'

export const discountRoutes = [
  /** Removes all discounts of a subscription; the answer is the last one. Those of its items stay. */
  route('DELETE', '/subscriptions/:id/discount', hash({}), ({ account, id }) => {
    const { discounts } = inPath(account.subscriptions, id, 'subscription')
    const last = discounts.at(-1)
    if (last === undefined) throw invalidRequest(`No active discount for subscription: ${id}`)
    updateSubscription(account, id, { discounts: [] })
    return serializeDiscount(account.discounts.get(last))
  }),
  // Since 2025-03-31.basil, a customer can't get a new discount.
  // https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-singular-coupon-promotion-code
  route('DELETE', '/customers/:id/discount', hash({}), ({ account, id }) => {
    const { discount } = inPath(account.customers, id, 'customer')
    if (discount == null) throw invalidRequest(`No active discount for customer: ${id}`)
    endCustomerDiscount(account, id)
    return serializeDiscount(account.discounts.get(discount))
  }),
]
