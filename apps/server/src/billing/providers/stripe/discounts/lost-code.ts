import type Stripe from 'stripe'
import { laterPhases } from '../changes/phases.ts'
import { idOf, isOurs } from '../objects.ts'

/**
 * Finds the promotion code that our schedule will redeem and that is used up, ended or expired by now.
 *
 * @returns null if there is none.
 */
export async function findLostCode(
  stripe: Stripe,
  subscriptionId: string,
): Promise<{ id: string; code: string } | null> {
  const { schedule } = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['schedule'] })
  if (!schedule || typeof schedule === 'string' || !isOurs(schedule)) return null
  const promised = laterPhases(schedule).flatMap(({ discounts }) => discounts)
  for (const { promotion_code } of promised) {
    if (!promotion_code) continue
    const promotion = await stripe.promotionCodes.retrieve(idOf(promotion_code), { expand: ['promotion.coupon'] })
    if (!isRedeemable(promotion)) return { id: promotion.id, code: promotion.code }
  }
  return null
}

function isRedeemable({ active, max_redemptions, times_redeemed, promotion }: Stripe.PromotionCode): boolean {
  const { coupon } = promotion
  const isUsedUp = max_redemptions !== null && times_redeemed >= max_redemptions
  return active && !isUsedUp && typeof coupon === 'object' && coupon?.valid === true
}
