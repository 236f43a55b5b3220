import Stripe from 'stripe'
import { SECOND } from '../../../../platform/durations.ts'
import { createOnce } from '../keys.ts'
import { readCoupon } from './coupons.ts'

interface Replaced {
  /** The subscription that a purchase replaces. */
  subscriptionId: string
  /** Its plan's item. */
  itemId: string | null
  checkoutId: string
  /** What the plan costs that is bought, before discounts. */
  priceCents: number
  /** In the provider's time. */
  now: Date
}

/**
 * Creates a coupon that continues the discount of a subscription on the one that replaces it. A checkout page takes one
 * discount only: if several run, it is the one that takes off most. What runs for some months goes on for the rest of
 * them, rounded up to whole months.
 *
 * @returns the coupon's id; null if no discount runs.
 * @see https://docs.stripe.com/payments/checkout/discounts
 */
export async function carryDiscount(stripe: Stripe, replaced: Replaced): Promise<string | null> {
  const subscription = await stripe.subscriptions.retrieve(replaced.subscriptionId, {
    expand: ['discounts.source.coupon.applies_to', 'items.data.discounts'],
  })
  const best = await bestOf(stripe, subscription, replaced)
  if (!best) return null
  const id = `carried_${replaced.checkoutId}`
  const { coupon, end } = best
  const terms: Stripe.CouponCreateParams = {
    id,
    ...(coupon.name && { name: coupon.name }),
    ...(coupon.percentOff === null
      ? { amount_off: coupon.amounts[subscription.currency] ?? 0, currency: subscription.currency }
      : { percent_off: coupon.percentOff }),
    ...(coupon.productIds && { applies_to: { products: [...coupon.productIds] } }),
    duration: coupon.duration,
    ...(coupon.duration === 'repeating' && { duration_in_months: monthsUntil(end ?? 0, replaced.now) }),
    max_redemptions: 1,
    metadata: { carried_from: coupon.id, subscription_id: subscription.id },
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

async function bestOf(
  stripe: Stripe,
  { discounts, items, currency }: Stripe.Subscription,
  { itemId, priceCents }: Replaced,
) {
  const own = items.data.find(({ id }) => id === itemId)?.discounts ?? []
  const running = await Promise.all(
    [...discounts, ...own].map(async (discount) => {
      if (typeof discount === 'string' || !discount.source.coupon) return []
      const { coupon } = discount.source
      const found = typeof coupon === 'string' ? await stripe.coupons.retrieve(coupon) : coupon
      const terms = readCoupon(found)
      const off = terms.percentOff === null ? (terms.amounts[currency] ?? 0) : (priceCents * terms.percentOff) / 100
      return off > 0 ? [{ coupon: terms, end: discount.end, off }] : []
    }),
  )
  return running.flat().toSorted((one, other) => other.off - one.off)[0]
}

/** How many months it takes from now to reach the end, the last one included. */
function monthsUntil(end: number, now: Date): number {
  const last = new Date(end * SECOND)
  const months = (last.getUTCFullYear() - now.getUTCFullYear()) * 12 + last.getUTCMonth() - now.getUTCMonth()
  const ofMonth = (moment: Date) => moment.getTime() - Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth())
  return Math.max(1, months + (ofMonth(last) > ofMonth(now) ? 1 : 0))
}
