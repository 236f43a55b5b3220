import type { AmountParts } from './amount-parts.ts'
import type { ProviderOverage } from './provider-metering.ts'

/** The plan of a subscription at the provider. */
export interface ProviderPlanItem {
  subscriptionId: string
  /** Null if our row does not know it. Then it is the first item. */
  itemId: string | null
  /** All prices that are or were a plan's. */
  planPriceIds: readonly string[]
}

export interface ProviderPreviewInput {
  plan: ProviderPlanItem
  at: 'now' | 'period_end'
  priceId: string
  /** Null keeps the present quantity. */
  quantity: number | null
  overage?: ProviderOverage
  prorationDate: Date
  /** The promotion code that the change redeems, instead of the discounts that run. */
  promotionCodeId?: string | null
}

/** A change of plan at the period's end. */
export interface ProviderScheduleInput {
  key: string
  plan: ProviderPlanItem
  priceId: string
  /** Null keeps the present quantity. */
  quantity: number | null
  overage?: ProviderOverage
  /** The promotion code that is redeemed then, instead of the discounts that run. */
  promotionCodeId?: string | null
}

/** The amounts of a plan change. */
export interface ProviderPreview {
  /** Charged immediately. */
  dueNowCents: number
  /** Added to the customer's balance. */
  creditCents: number
  /** The customer's balance after the change, as at Stripe: negative means credit that lowers the next payments. */
  balanceCents: number
  currency: string
  nextPaymentAt: Date
  /** What the next payment is with discounts and taxes, before the balance; null if the provider can't tell. */
  nextTotalCents: number | null
  /** What is charged or credited immediately, in its parts. All are 0 if nothing is. */
  parts: AmountParts
  /** What the next payment is made of; null if the provider can't tell. */
  nextParts: AmountParts | null
  /** Whether there is a card to charge, or the customer pays by invoice. */
  hasPaymentMethod: boolean
  /** Whether the subscription is in a trial. Then nothing is charged or credited. */
  isTrial: boolean
  /**
   * Set if part of what was billed for the current period is not ours (refunded or disputed). Then the change starts a
   * new period that is charged in full, and credits the unused time for the part that is ours.
   */
  restart: { creditCents: number } | null
}

/** What an account pays with another number of members. */
export interface ProviderSeatPrice {
  /** Charged as soon as the quantity changes; 0 unless the price has cost nothing so far. */
  dueNowCents: number
  /** The next payment, with prorations, discounts and taxes, less the balance. */
  nextPaymentCents: number
  currency: string
}
