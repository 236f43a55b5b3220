import Stripe from 'stripe'
import { SECOND } from '../../../../platform/durations.ts'
import { CodeNotValid, DiscountCodeTaken } from '../../../discount.errors.ts'
import type { DiscountProvider, ProviderDiscountInput } from '../../payment-provider.ts'
import { nullIfMissing, type CallStripe } from '../calls.ts'
import { addDiscountsToSchedule } from '../changes/schedules.ts'
import { createOnce } from '../keys.ts'
import { idOf } from '../objects.ts'
import { couponIdOf, readCoupon } from './coupons.ts'
import { orRefused } from './refused-code.ts'
import { readScheduledCodes } from './scheduled-codes.ts'

/** In the metadata of a promotion code: the row that it is for. */
const DISCOUNT_ID = 'discount_id'

/**
 * The part of the port for discounts. A coupon gets its id from our row, so that a repeat finds it after Stripe has
 * forgotten the key. Stripe keeps promotion codes unique while they are active.
 *
 * @see https://docs.stripe.com/billing/subscriptions/coupons
 */
export function createStripeDiscounts(call: CallStripe): DiscountProvider {
  return {
    ensureDiscount: (input) =>
      call(async (stripe) => {
        const couponId = await ensureCoupon(stripe, input)
        return { couponId, promotionCodeId: await ensurePromotionCode(stripe, input, couponId) }
      }),

    endDiscount: (discountId) =>
      call(async (stripe) => {
        const filter = { coupon: couponIdFor(discountId), active: true, limit: 100 }
        for await (const { id } of stripe.promotionCodes.list(filter)) {
          await stripe.promotionCodes.update(id, { active: false })
        }
        // The coupon may not exist: the discount was never finished.
      }).catch((error: unknown) => void nullIfMissing(error)),

    countRedemptions: (couponIds) =>
      call(async (stripe) => {
        const coupons = await Promise.all(couponIds.map(async (id) => stripe.coupons.retrieve(id).catch(nullIfMissing)))
        return new Map(coupons.flatMap((coupon) => (coupon ? [[coupon.id, coupon.times_redeemed] as const] : [])))
      }),

    findPromotionCode: (input) => call((stripe) => findPromotionCode(stripe, input)),

    addDiscount: ({ subscriptionId, couponId }) =>
      call(async (stripe) => {
        const { discounts } = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['discounts'] })
        if (discounts.flatMap(couponIdOf).includes(couponId)) return
        const kept = discounts.map((discount) => ({ discount: idOf(discount) }))
        await stripe.subscriptions.update(subscriptionId, {
          discounts: [...kept, { coupon: couponId }],
          proration_behavior: 'none',
        })
      }).catch(orRefused),

    readScheduledCodes: async (id) =>
      (await call((stripe) => readScheduledCodes(stripe, id)).catch(nullIfMissing)) ?? [],

    keepDiscounts: (id) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(id, { expand: ['schedule'] })
        await addDiscountsToSchedule(stripe, subscription)
      }),
  }
}

const couponIdFor = (discountId: string): string => `discount_${discountId}`

async function ensureCoupon(stripe: Stripe, input: ProviderDiscountInput): Promise<string> {
  const { discountId, name, percentOff, amountOff, duration, months, productIds, maxRedemptions, expiresAt } = input
  const id = couponIdFor(discountId)
  const coupon: Stripe.CouponCreateParams = {
    id,
    name,
    duration,
    ...(percentOff !== null && { percent_off: percentOff }),
    ...(amountOff && { amount_off: amountOff.cents, currency: amountOff.currency }),
    ...(months !== null && { duration_in_months: months }),
    ...(productIds && { applies_to: { products: [...productIds] } }),
    ...(maxRedemptions !== null && { max_redemptions: maxRedemptions }),
    ...(expiresAt && { redeem_by: unixSeconds(expiresAt) }),
    metadata: { [DISCOUNT_ID]: discountId },
  }
  try {
    await createOnce({
      key: `coupon:${discountId}`,
      make: async (idempotencyKey) => stripe.coupons.create(coupon, { idempotencyKey }),
      // If the coupon exists, the next attempt fails with `resource_already_exists`.
      find: async () => null,
    })
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists')) throw error
  }
  return id
}

async function ensurePromotionCode(
  stripe: Stripe,
  { discountId, promotion }: ProviderDiscountInput,
  coupon: string,
): Promise<string | null> {
  if (!promotion) return null
  const { code, isFirstTimeOnly, minimum } = promotion
  const known = await codeOf(stripe, code)
  if (known) {
    if (known.metadata?.[DISCOUNT_ID] !== discountId) throw new DiscountCodeTaken()
    return known.id
  }
  const restrictions = {
    ...(isFirstTimeOnly && { first_time_transaction: true }),
    ...(minimum && { minimum_amount: minimum.cents, minimum_amount_currency: minimum.currency }),
  }
  const made = await createOnce({
    key: `promotion-code:${discountId}`,
    make: async (idempotencyKey) =>
      stripe.promotionCodes.create(
        {
          promotion: { type: 'coupon', coupon },
          code,
          ...(Object.keys(restrictions).length > 0 && { restrictions }),
          metadata: { [DISCOUNT_ID]: discountId },
        },
        { idempotencyKey },
      ),
    find: () => codeOf(stripe, code),
  })
  return made.id
}

/** The active promotion code that everyone can use. Stripe has one at most. */
async function codeOf(stripe: Stripe, code: string): Promise<Stripe.PromotionCode | null> {
  const { data } = await stripe.promotionCodes.list({ code, active: true, limit: 100 })
  return data.find(({ customer }) => customer === null) ?? null
}

async function findPromotionCode(
  stripe: Stripe,
  {
    code,
    customerId,
    productId,
    currency,
    amountCents,
    redeemedAt = null,
  }: Parameters<DiscountProvider['findPromotionCode']>[0],
): Promise<string> {
  const { data } = await stripe.promotionCodes.list({
    code,
    limit: 100,
    expand: ['data.promotion.coupon.applies_to', 'data.promotion.coupon.currency_options'],
  })
  const usable = data.filter(({ customer }) => customer === null || idOf(customer) === customerId)
  // A code for this customer goes before one for everyone.
  const [found] = usable.filter(({ active }) => active).toSorted((one, other) => rank(other) - rank(one))
  if (!found) throw new CodeNotValid(usable.length > 0 ? 'ended' : 'unknown')
  const { coupon } = found.promotion
  const { minimum_amount, minimum_amount_currency } = found.restrictions
  if (typeof coupon === 'object' && coupon) {
    const { productIds, percentOff, amounts } = readCoupon(coupon)
    if (productIds && !productIds.includes(productId)) throw new CodeNotValid('other-plan')
    if (percentOff === null && amounts[currency] === undefined) throw new CodeNotValid('other-currency')
    if (redeemedAt && endsBefore([found.expires_at, coupon.redeem_by], redeemedAt))
      throw new CodeNotValid('ends-before')
  }
  if (minimum_amount !== null) {
    if (minimum_amount_currency !== currency) throw new CodeNotValid('other-currency')
    if (amountCents < minimum_amount) throw new CodeNotValid('minimum-amount')
  }
  return found.id
}

const rank = ({ customer }: Stripe.PromotionCode): number => Number(customer !== null)

const endsBefore = (ends: (number | null)[], moment: Date): boolean =>
  ends.some((end) => end !== null && end <= unixSeconds(moment))

const unixSeconds = (moment: Date): number => Math.floor(moment.getTime() / SECOND)
