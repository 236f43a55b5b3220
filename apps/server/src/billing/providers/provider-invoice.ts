import type { AmountParts } from './amount-parts.ts'
import type { ProviderDispute } from './provider-dispute.ts'

export interface ProviderInvoice extends AmountParts {
  /** What its lines charge after discounts, without those that credit something. */
  chargedCents: number
  /** The taxes that are included in `chargedCents`. */
  includedTaxCents: number
  id: string
  /** Null for an invoice without a customer. */
  customerId: string | null
  subscriptionId: string | null
  status: 'draft' | 'open' | 'paid' | 'canceled' | 'uncollectible'
  /** Whether the provider has tried to collect it. */
  isAttempted: boolean
  reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'other'
  /** What is to be paid: the subtotal less discounts, with taxes and what the customer's balance changes. */
  amountCents: number
  currency: string
  paymentId: string | null
  /** The prices that it charges for, the last line first. */
  priceIds: readonly string[]
  url: string | null
  /** What the customer sees as its number; null for a draft. */
  number: string | null
  pdfUrl: string | null
  createdAt: Date
  finalizedAt: Date | null
  /** By when the customer has to pay it; null if the provider charges a card. */
  dueAt: Date | null
  /** When the provider tries to collect it again by itself; null if it no longer does. */
  nextAttemptAt: Date | null
}

export interface ProviderPayment {
  invoice: ProviderInvoice
  status: PaymentStatus
  refundedCents: number
  disputes: readonly ProviderDispute[]
}

export type PaymentStatus =
  | 'pending'
  | 'requires_action'
  | 'succeeded'
  | 'failed'
  | 'canceled'
  | 'uncollectible'
  | 'partially_refunded'
  | 'refunded'
  | 'disputed'
