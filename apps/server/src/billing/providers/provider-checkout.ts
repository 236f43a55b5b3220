import type { ProviderOverage } from './provider-metering.ts'

/** What a checkout page sells, to whom, and until when. */
export interface ProviderCheckoutInput {
  checkoutId: string
  accountId: string
  /** Who buys it. */
  userId: string
  /** Reads who pays. For a provider that keeps no customers. */
  readContact(): Promise<ProviderContact>
  /** The provider's id of the subscription that this purchase will replace. */
  upgradeFrom: string | null
  /** The item of that subscription which is its plan. Its quantity and the other items are bought again. */
  upgradeFromItemId: string | null
  providerCustomerId: string
  providerPriceId: string
  /** The product of that price. */
  productId: string
  planName: string
  /** What one of the plan costs. */
  priceCents: number
  currency: string
  /** How many of the plan; null for one, or for as many as the subscription that it replaces has. */
  quantity: number | null
  /** The provider's id of the promotion code that the page redeems; null for none. */
  promotionCodeId: string | null
  /** In the provider's time. */
  now: Date
  /** What the plan bills by use. It is bought with the plan. */
  overage?: ProviderOverage
  trialDays: number
  /** When the subscription begins, in whole seconds; null for at once. Until then nothing is charged. */
  startsAt: Date | null
  /** Asks for a card only if there is something to pay. */
  isFree: boolean
  successUrl: string
  cancelUrl: string
  expiresAt: Date
}

/** Who pays. */
export interface ProviderContact {
  email: string | null
  name: string
}

/** A checkout page that was opened, or why it was not. */
export type ProviderPage =
  | { state: 'open'; sessionId: string; url: string }
  /** The price is no longer for sale. */
  | { state: 'withdrawn' }
  /** The provider does not know the price: it was created in another account or mode. */
  | { state: 'price-unknown' }
  /** The provider does not know the customer, or has deleted it. */
  | { state: 'customer-gone' }

export interface ProviderCheckout {
  id: string
  customerId: string | null
  /** Whether the provider has deleted the customer, so that the page is of no use. */
  isCustomerGone: boolean
  status: 'open' | 'complete' | 'expired'
  subscriptionId: string | null
  invoiceId: string | null
}
