import type Stripe from 'stripe'
import type { ScheduledCode } from '../../provider-discounts.ts'
import { laterPhases } from '../changes/phases.ts'
import { idOf, isOurs } from '../objects.ts'

/** Reads the promotion codes that our schedule will redeem, and which of them are used up, ended or expired by now. */
export async function readScheduledCodes(stripe: Stripe, subscriptionId: string): Promise<ScheduledCode[]> {
  const { schedule } = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['schedule'] })
  if (!schedule || typeof schedule === 'string' || !isOurs(schedule)) return []
  const promised = laterPhases(schedule).flatMap(({ discounts }) => discounts)
  const ids = new Set(promised.flatMap(({ promotion_code }) => (promotion_code ? [idOf(promotion_code)] : [])))
  const codes: ScheduledCode[] = []
  for (const id of ids) {
    const found = await stripe.promotionCodes.retrieve(id, { expand: ['promotion.coupon'] })
    const { coupon } = found.promotion
    const couponId = coupon ? idOf(coupon) : null
    codes.push({ id, couponId, code: found.code, isLost: !isRedeemable(found) })
  }
  return codes
}

function isRedeemable({ active, max_redemptions, times_redeemed, promotion }: Stripe.PromotionCode): boolean {
  const { coupon } = promotion
  const isUsedUp = max_redemptions !== null && times_redeemed >= max_redemptions
  return active && !isUsedUp && typeof coupon === 'object' && coupon?.valid === true
}
