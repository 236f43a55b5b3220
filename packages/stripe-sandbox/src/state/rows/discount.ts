/** What a coupon takes off. A discount keeps its own copy, because a coupon can be deleted and its id used again. */
export interface CouponTerms {
  /** In percent of the amount; null for a coupon that takes off an amount. */
  readonly percent_off: number | null
  /** What to take off by currency, in the smallest unit; empty for a percentage. */
  readonly amounts: Readonly<Record<string, number>>
  readonly duration: 'forever' | 'once' | 'repeating'
  readonly duration_in_months: number | null
  /** The products that the coupon is limited to; null if it applies to all. */
  readonly products: readonly string[] | null
}

export interface CouponRow extends CouponTerms {
  readonly id: string
  readonly created: number
  /** The main currency of `amounts`; null for a percentage. */
  readonly currency: string | null
  readonly max_redemptions: number | null
  readonly metadata: Record<string, string>
  readonly name: string | null
  readonly redeem_by: number | null
  readonly times_redeemed: number
  readonly deleted: boolean
}

export interface PromotionCodeRow {
  readonly id: string
  readonly created: number
  /** Whether the operator left it active. The coupon must be valid, too. */
  readonly active: boolean
  readonly code: string
  readonly coupon: string
  readonly customer: string | null
  readonly expires_at: number | null
  readonly max_redemptions: number | null
  readonly metadata: Record<string, string>
  readonly restrictions: {
    readonly first_time_transaction: boolean
    readonly minimum_amount: number | null
    readonly minimum_amount_currency: string | null
  }
  /** The minimum amounts in more currencies; missing without any. */
  readonly minimum_amounts?: Readonly<Record<string, number>>
  readonly times_redeemed: number
}

/** A coupon that was redeemed for a subscription, an item or an invoice. */
export interface DiscountRow {
  readonly id: string
  readonly coupon: string
  readonly terms: CouponTerms
  readonly customer: string | null
  readonly promotion_code: string | null
  readonly start: number
  /** When a `repeating` discount ends; null if it has no fixed end. */
  readonly end: number | null
  readonly checkout_session: string | null
  readonly invoice: string | null
  readonly invoice_item: string | null
  readonly subscription: string | null
  readonly subscription_item: string | null
  /** Whether it was removed, replaced, used up or has ended. Old invoices still refer to it. */
  readonly deleted: boolean
}
