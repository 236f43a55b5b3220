/**
 * The port to whoever takes the money. Everything outside this folder speaks these words; an adapter translates.
 * Amounts are integers in the currency's smallest unit, currencies lower-case ISO 4217, moments are in UTC.
 */
export interface PaymentProvider {
  readonly name: 'stripe' | 'paymob'

  /** Makes the customer once; a repeat with the same `customerId` gives the same answer. */
  ensureCustomer(input: { customerId: string; userId: string; email: string | null; name: string }): Promise<string>

  /** Makes the plan's product, or tells the provider its present name. */
  ensureProduct(input: { planId: string; code: string; name: string; productId: string | null }): Promise<string>

  /** Makes a price, once for each `priceId` of ours. */
  ensurePrice(input: ProviderPriceInput): Promise<string>

  /** Opens a hosted payment page for a subscription, once for each `checkoutId` of ours. */
  startCheckout(input: ProviderCheckoutInput): Promise<{ sessionId: string; url: string; expiresAt: Date }>

  /** @returns null when the provider does not know it. */
  fetchCheckout(sessionId: string): Promise<ProviderCheckout | null>
  fetchSubscription(subscriptionId: string): Promise<ProviderSubscription | null>
  fetchInvoice(invoiceId: string): Promise<ProviderInvoice | null>

  /**
   * Checks the signature over the raw bytes and reads the notice.
   *
   * @throws {BadWebhook}
   */
  verifyWebhook(rawBody: Buffer, signature: string | undefined): ProviderNotice
  /** What a stored notice is about. */
  readNotice(payload: Record<string, unknown>): ProviderNotice
}

export interface ProviderPriceInput {
  priceId: string
  productId: string
  priceCents: number
  currency: string
  billingPeriod: BillingPeriod
}

export interface ProviderCheckoutInput {
  checkoutId: string
  userId: string
  providerCustomerId: string
  providerPriceId: string
  trialDays: number
  /** Ask for a card only when something is to be paid. */
  isFree: boolean
  successUrl: string
  cancelUrl: string
  expiresAt: Date
}

export type BillingPeriod = 'monthly' | 'yearly'

/** The statuses of this product; what a provider calls them is the adapter's business. */
export type SubscriptionStatus = 'pending' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'

export interface ProviderSubscription {
  id: string
  customerId: string
  status: SubscriptionStatus
  priceId: string
  priceCents: number
  currency: string
  billingPeriod: BillingPeriod
  startedAt: Date
  currentPeriodStart: Date
  currentPeriodEnd: Date
  /** Whichever way the provider marks it. */
  cancelAtPeriodEnd: boolean
  canceledAt: Date | null
  endedAt: Date | null
  trialStart: Date | null
  latestInvoiceId: string | null
}

export interface ProviderInvoice {
  id: string
  customerId: string
  subscriptionId: string | null
  status: 'draft' | 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled' | 'uncollectible'
  reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'other'
  amountCents: number
  currency: string
  paymentId: string | null
  url: string | null
  createdAt: Date
  finalizedAt: Date | null
}

export interface ProviderCheckout {
  id: string
  customerId: string | null
  status: 'open' | 'complete' | 'expired'
  subscriptionId: string | null
  invoiceId: string | null
}

/** A notice that something changed; what it is now is always asked of the provider. */
export interface ProviderNotice {
  id: string
  type: string
  isLive: boolean
  occurredAt: Date
  /** The customer concerned, as far as the notice tells. */
  customerId: string | null
  subject: { kind: 'checkout' | 'subscription' | 'invoice'; id: string } | null
  payload: Record<string, unknown>
}
