import type Stripe from 'stripe'
import { SECOND } from '../../../../platform/durations.ts'
import type { ProviderSubscription, RunningDiscount } from '../../payment-provider.ts'
import { laterPhases } from '../changes/phases.ts'
import { lastingDiscounts } from '../changes/replaced-discounts.ts'
import { idOf, isOurs, readSubscription } from '../objects.ts'
import { couponIdOf, type Coupons } from './coupons.ts'

/** What reading subscriptions needs expanded. */
export const SUBSCRIPTION_PARTS = ['schedule', 'latest_invoice.payments', 'discounts', 'items.data.discounts']
/** The same in a list. Stripe expands four levels. */
export const LISTED_PARTS = SUBSCRIPTION_PARTS.map((part) => `data.${part}`)

/** Translates Stripe's subscription, which must have its `SUBSCRIPTION_PARTS`. The coupons must be loaded. */
export function readWithDiscounts(subscription: Stripe.Subscription, coupons: Coupons): ProviderSubscription {
  return {
    ...readSubscription(subscription),
    discounts: runningDiscounts(subscription, coupons),
    losesDiscounts: losesDiscounts(subscription),
  }
}

/**
 * The discounts of a subscription, which must be expanded. The coupons must be loaded. An item's own discounts are taken
 * off before those of the subscription.
 */
export function runningDiscounts(
  { items, discounts, currency }: Stripe.Subscription,
  coupons: Coupons,
): RunningDiscount[] {
  const read = (discount: Stripe.Subscription['discounts'][number], itemId: string | null): RunningDiscount[] => {
    if (typeof discount === 'string') return []
    const coupon = couponIdOf(discount).map((id) => coupons.find(id))[0]
    if (!coupon) return []
    const { id, name, percentOff, amounts, duration, productIds } = coupon
    return [
      {
        ...{ id: discount.id, couponId: id, name, percentOff, duration, itemId, productIds },
        amountOffCents: percentOff === null ? (amounts[currency] ?? 0) : null,
        endsAt: discount.end === null ? null : new Date(discount.end * SECOND),
      },
    ]
  }
  return [
    ...items.data.flatMap((item) => item.discounts.flatMap((discount) => read(discount, item.id))),
    ...discounts.flatMap((discount) => read(discount, null)),
  ]
}

function losesDiscounts({ schedule, discounts }: Stripe.Subscription): boolean {
  if (!schedule || typeof schedule === 'string' || schedule.status !== 'active' || !isOurs(schedule)) return false
  const ids = lastingDiscounts(schedule, discounts)
  return laterPhases(schedule).some((phase) => {
    const kept = phase.discounts.flatMap(({ discount }) => (discount ? [idOf(discount)] : []))
    return ids.some((id) => !kept.includes(id))
  })
}
