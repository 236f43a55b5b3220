import type { Currency } from '../money.ts'

/** Times are in milliseconds since 1970. Dates are texts such as `2026-01-14`, in the account's time zone. */
interface Row {
  readonly id: number
  createdAt: number
  updatedAt: number
}

export interface PlanRow extends Row {
  name: string
  frequency: number
  amountCents: number
  useTransactionAmount: boolean
  numberOfDeductions: number | null
  reminderDays: number | null
  retrialDays: number | null
  isActive: boolean
  integration: number
  webhookUrl: string | null
}

export interface BillingData {
  readonly first_name: string
  readonly last_name: string
  readonly email: string
  readonly phone_number: string
  readonly [field: string]: unknown
}

export interface Item {
  readonly name: string
  readonly amount: number
  readonly description?: string
  readonly quantity?: number
}

/** An intention and its order, which has the row's id. */
export interface IntentionRow extends Row {
  readonly intentionId: string
  readonly clientSecret: string
  readonly paymentKey: string
  amount: number
  currency: Currency
  paymentMethods: number[]
  items: Item[]
  billingData: BillingData
  specialReference: string | null
  extras: Readonly<Record<string, unknown>>
  notificationUrl: string | null
  redirectionUrl: string | null
  subscriptionPlanId: number | null
  subscriptionStartDate: string | null
  /** The subscription that gets a secondary card. */
  subscriptionId: number | null
  cardTokens: string[]
  /** When the page stops working; by the wall clock. */
  expiresAt: number | null
  isPaid: boolean
}

/** A payment, a refund, a void, or a capture. The last three have a parent. */
export interface TransactionRow extends Row {
  /** The order: that of an intention, or a renewal's own. */
  readonly orderId: number
  readonly integrationId: number
  readonly amountCents: number
  readonly currency: Currency
  readonly kind: 'payment' | 'refund' | 'void' | 'capture'
  readonly parentId: number | null
  readonly success: boolean
  readonly message: string
  readonly isAuth: boolean
  readonly is3dSecure: boolean
  readonly pan: string
  readonly brand: string
  readonly apiSource: 'IFRAME' | 'SUBSCRIPTION' | 'OTHER'
  readonly subscriptionId: number | null
  isVoided: boolean
  capturedCents: number
  refundedCents: number
}

export interface CardRow extends Row {
  readonly token: string
  readonly number: string
  readonly brand: string
  readonly email: string
  readonly orderId: number
  /** The subscription that the card pays for; null for a card that is only saved. */
  subscriptionId: number | null
  isPrimary: boolean
  failedAttempts: number
}

export interface SubscriptionRow extends Row {
  readonly planId: number
  readonly name: string
  readonly frequency: number
  readonly currency: Currency
  readonly client: { readonly email: string; readonly full_name: string; readonly phone_number: string }
  readonly reminderDays: number | null
  readonly retrialDays: number | null
  readonly integration: number
  readonly initialTransaction: number
  readonly startsAt: string
  state: 'active' | 'suspended' | 'canceled'
  amountCents: number
  nextBilling: string
  endsAt: string | null
  resumedAt: string | null
  suspendedAt: string | null
  webhookUrl: string | null
  /** When a failed deduction is tried again. */
  retryOn: string | null
  /** Whether every deduction is to fail, whatever the card. Set by the controls. */
  failsCharges: boolean
}

/** A callback that was or will be sent. */
export interface CallbackRow extends Row {
  readonly kind: 'transaction' | 'token' | 'subscription'
  /** What it is about, for people: `TRANSACTION`, `TOKEN`, or a subscription's trigger. */
  readonly type: string
  readonly url: string
  /** The exact body, so that a resent callback has the same bytes. */
  readonly body: string
  /** For the query; null where it is in the body. */
  readonly hmac: string | null
  readonly transactionId: number | null
  readonly subscriptionId: number | null
  /** The callback that this one forges. */
  readonly forges: number | null
  status: 'pending' | 'delivered' | 'failed' | 'dropped'
  attempts: number
  responseStatus: number | null
}

/** Everything that a state file keeps. */
export interface Rows {
  plans: PlanRow
  intentions: IntentionRow
  transactions: TransactionRow
  cards: CardRow
  subscriptions: SubscriptionRow
  callbacks: CallbackRow
}
