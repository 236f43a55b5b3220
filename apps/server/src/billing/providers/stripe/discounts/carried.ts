import Stripe from 'stripe'
import type { RunningDiscount } from '../../payment-provider.ts'
import { createOnce } from '../keys.ts'
import { idOf, itemOf } from '../objects.ts'
import type { Coupons } from './coupons.ts'
import { runningDiscounts } from './running.ts'

interface Replaced {
  /** The subscription that a purchase replaces. */
  subscriptionId: string
  /** Its plan's item. */
  itemId: string | null
  checkoutId: string
  /** The product of the plan that is bought. */
  productId: string
  /** What the plan costs that is bought, before discounts. */
  priceCents: number
  /** In the provider's time. */
  now: Date
}

/**
 * Creates a coupon that continues the discount of a subscription on the one that replaces it. A checkout page takes one
 * discount only: if several run, it is the one that takes off most. One that is only for other products is left out. What
 * runs for some months goes on for the rest of them, rounded up to whole months.
 *
 * @returns the coupon's id; null if no discount takes off anything of what is bought.
 * @see https://docs.stripe.com/payments/checkout/discounts
 */
export async function carryDiscount(stripe: Stripe, coupons: Coupons, replaced: Replaced): Promise<string | null> {
  const subscription = await stripe.subscriptions.retrieve(replaced.subscriptionId, {
    expand: ['discounts', 'items.data.discounts'],
  })
  await coupons.load(stripe, [subscription])
  const best = bestOf(runningDiscounts(subscription, coupons), subscription, replaced)
  if (!best) return null
  const id = `carried_${replaced.checkoutId}`
  const { couponId, name, percentOff, amountOffCents, duration, productIds, endsAt } = best
  const terms: Stripe.CouponCreateParams = {
    id,
    ...(name && { name }),
    ...(percentOff === null
      ? { amount_off: amountOffCents ?? 0, currency: subscription.currency }
      : { percent_off: percentOff }),
    ...(productIds && { applies_to: { products: [...productIds] } }),
    duration,
    ...(duration === 'repeating' && { duration_in_months: monthsUntil(endsAt ?? replaced.now, replaced.now) }),
    max_redemptions: 1,
    metadata: { carried_from: couponId, subscription_id: subscription.id },
  }
  try {
    await createOnce({
      key: `coupon:${id}`,
      make: async (idempotencyKey) => stripe.coupons.create(terms, { idempotencyKey }),
      // If the coupon exists, the next attempt fails with `resource_already_exists`.
      find: async () => null,
    })
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists')) throw error
  }
  return id
}

/** @returns the discount that takes off most of what is bought: the plan, and the add-ons of the subscription. */
function bestOf(
  running: readonly RunningDiscount[],
  subscription: Stripe.Subscription,
  { itemId, productId, priceCents }: Replaced,
): RunningDiscount | undefined {
  const plan = itemOf(subscription, itemId)
  const addOns = subscription.items.data.filter(({ id }) => id !== plan.id)
  const bought = [
    { productId, cents: priceCents },
    ...addOns.map(({ price, quantity }) => ({
      productId: idOf(price.product),
      cents: (price.unit_amount ?? 0) * (quantity ?? 0),
    })),
  ]
  const offOf = ({ percentOff, amountOffCents, productIds }: RunningDiscount): number => {
    const meant = bought.filter((one) => productIds === null || productIds.includes(one.productId))
    const sum = meant.reduce((total, { cents }) => total + cents, 0)
    return percentOff === null ? Math.min(sum, amountOffCents ?? 0) : (sum * percentOff) / 100
  }
  return running
    .filter((discount) => (discount.itemId === null || discount.itemId === plan.id) && offOf(discount) > 0)
    .toSorted((one, other) => offOf(other) - offOf(one))[0]
}

/** How many months it takes from now to reach the end, the last one included. */
function monthsUntil(last: Date, now: Date): number {
  const months = (last.getUTCFullYear() - now.getUTCFullYear()) * 12 + last.getUTCMonth() - now.getUTCMonth()
  const ofMonth = (moment: Date) => moment.getTime() - Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth())
  return Math.max(1, months + (ofMonth(last) > ofMonth(now) ? 1 : 0))
}
