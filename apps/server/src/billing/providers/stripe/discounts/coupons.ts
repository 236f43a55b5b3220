import type Stripe from 'stripe'
import { nullIfMissing } from '../calls.ts'

/** Maximum number of coupons whose terms are remembered. */
const MAX_REMEMBERED = 5_000

/** What a coupon takes off. Stripe never changes it. */
export interface Coupon {
  id: string
  name: string | null
  percentOff: number | null
  /** By currency; empty with `percentOff`. */
  amounts: Readonly<Record<string, number>>
  duration: 'once' | 'repeating' | 'forever'
  /** The products that it is for; null for all. */
  productIds: readonly string[] | null
}

type Discount = Stripe.Discount | Stripe.DeletedDiscount | string

/** Remembers the terms of coupons for the life of the process, so that each coupon is fetched once. */
export class Coupons {
  readonly #known = new Map<string, Coupon>()

  /** Fetches what is not known yet of these subscriptions' coupons. Their discounts must be expanded. */
  async load(stripe: Stripe, subscriptions: readonly Stripe.Subscription[]): Promise<void> {
    const ids = new Set(subscriptions.flatMap((subscription) => allDiscounts(subscription).flatMap(couponIdOf)))
    await Promise.all([...ids].map(async (id) => this.fetch(stripe, id, subscriptions)))
  }

  /** @returns null if Stripe has deleted the coupon, and it was never known here. */
  find(id: string): Coupon | null {
    return this.#known.get(id) ?? null
  }

  private async fetch(stripe: Stripe, id: string, subscriptions: readonly Stripe.Subscription[]): Promise<void> {
    if (this.#known.has(id)) return
    const coupon =
      (await stripe.coupons.retrieve(id, { expand: ['applies_to', 'currency_options'] }).catch(nullIfMissing)) ??
      (await deletedCoupon(stripe, id, subscriptions))
    if (!coupon) return
    const [oldest] = this.#known.keys()
    if (this.#known.size >= MAX_REMEMBERED && oldest) this.#known.delete(oldest)
    this.#known.set(id, readCoupon(coupon))
  }
}

/** A coupon that was deleted goes on where it was redeemed. Only the discount still has it. */
async function deletedCoupon(
  stripe: Stripe,
  couponId: string,
  subscriptions: readonly Stripe.Subscription[],
): Promise<Stripe.Coupon | null> {
  const owner = subscriptions.find(({ discounts }) => discounts.flatMap(couponIdOf).includes(couponId))
  if (!owner) return null
  const { discounts } = await stripe.subscriptions.retrieve(owner.id, {
    expand: ['discounts.source.coupon.applies_to'],
  })
  for (const discount of discounts) {
    const coupon = typeof discount === 'string' ? null : discount.source.coupon
    if (typeof coupon === 'object' && coupon?.id === couponId) return coupon
  }
  return null
}

const DURATIONS: Record<string, Coupon['duration']> = { forever: 'forever', repeating: 'repeating' }

export function readCoupon(coupon: Stripe.Coupon): Coupon {
  const { id, name, percent_off, amount_off, currency, currency_options, duration, applies_to } = coupon
  const others = Object.entries(currency_options ?? {}).map(([code, option]) => [code, option.amount_off] as const)
  return {
    id,
    name,
    percentOff: percent_off,
    amounts: amount_off === null || !currency ? {} : Object.fromEntries([...others, [currency, amount_off]]),
    // Stripe may add durations. An unknown one does not recur.
    duration: DURATIONS[duration] ?? 'once',
    productIds: applies_to?.products ?? null,
  }
}

function allDiscounts({ discounts, items }: Stripe.Subscription): Discount[] {
  return [...discounts, ...items.data.flatMap((item) => item.discounts)]
}

export function couponIdOf(discount: Discount): string[] {
  const coupon = typeof discount === 'string' ? null : discount.source.coupon
  if (!coupon) return []
  return [typeof coupon === 'string' ? coupon : coupon.id]
}
