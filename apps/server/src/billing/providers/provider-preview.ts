export interface ProviderPreviewInput {
  subscriptionId: string
  at: 'now' | 'period_end'
  priceId: string
  prorationDate: Date
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
