import type { DiscountDuration } from '../provider.schemas.ts'

/** The part of the port for discounts: coupons, promotion codes, and what runs on a subscription. */
export interface DiscountProvider {
  /**
   * Creates the coupon, and the promotion code if there is one, once per `discountId`.
   *
   * @throws {DiscountCodeTaken} if the provider has the code already, for something else.
   */
  ensureDiscount(input: ProviderDiscountInput): Promise<{ couponId: string; promotionCodeId: string | null }>
  /** Ends a discount's promotion code: it can't be redeemed any more. What runs goes on. A repeat does nothing. */
  endDiscount(discountId: string): Promise<void>
  /** How often each coupon was redeemed. One that the provider does not know is missing. */
  countRedemptions(couponIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /**
   * Finds a promotion code that this purchase can redeem. Whether it is the customer's first one is left to the provider.
   *
   * @returns the code's id.
   * @throws {CodeNotValid}
   */
  findPromotionCode(input: {
    code: string
    customerId: string
    productId: string
    currency: string
    /** What the purchase costs before discounts and taxes. */
    amountCents: number
    /** When it is redeemed, if that is later: it must not end before. */
    redeemedAt?: Date | null
  }): Promise<string>
  /**
   * Adds a coupon to a subscription, from its next invoice on. Does nothing if it runs there already.
   *
   * @throws {CodeNotValid} if the coupon can't be redeemed any more.
   */
  addDiscount(input: { subscriptionId: string; couponId: string }): Promise<void>
  /** @returns the promotion codes that our schedule for a subscription will redeem. Empty for an unknown one. */
  readScheduledCodes(subscriptionId: string): Promise<ScheduledCode[]>
  /** Adds the discounts that run on a subscription to the later phases of our schedule (`losesDiscounts`). */
  keepDiscounts(subscriptionId: string): Promise<void>
}

/** A promotion code that a scheduled change will redeem. */
export interface ScheduledCode {
  id: string
  couponId: string | null
  code: string
  /** Whether it can't be redeemed any more: it is used up, ended or expired. */
  isLost: boolean
}

export interface ProviderDiscountInput extends DiscountTerms {
  discountId: string
  /** What the customer sees on invoices. */
  name: string
  /** The products that it is for; null for all. */
  productIds: readonly string[] | null
  promotion: PromotionTerms | null
  maxRedemptions: number | null
  expiresAt: Date | null
}

/** How people redeem a discount with a code. */
export interface PromotionTerms {
  code: string
  /** Only customers who have paid nothing before can redeem it. */
  isFirstTimeOnly: boolean
  /** Minimum amount of the purchase, in the discount's currency. */
  minimum: { cents: number; currency: string } | null
}

interface DiscountTerms {
  percentOff: number | null
  /** Taken off each invoice; null with `percentOff`. */
  amountOff: { cents: number; currency: string } | null
  duration: DiscountDuration
  /** For `repeating`. */
  months: number | null
}

/** A discount that runs on a subscription. */
export interface RunningDiscount {
  id: string
  couponId: string
  /** What the customer sees on invoices; null if it has no name. */
  name: string | null
  percentOff: number | null
  /** In the subscription's currency; 0 if the coupon has no amount in it. Null with `percentOff`. */
  amountOffCents: number | null
  duration: DiscountDuration
  endsAt: Date | null
  /** The only item that it is for; null for the entire subscription. */
  itemId: string | null
  /** The products that it is for; null for all. */
  productIds: readonly string[] | null
}
