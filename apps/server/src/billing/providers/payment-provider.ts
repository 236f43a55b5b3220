import type { ProviderCapabilities } from './capabilities.ts'
import type { ProviderChange } from './provider-change.ts'

export type { ProviderChange } from './provider-change.ts'

/**
 * The payment provider as the process holds it. Its calls are made with a time budget only, so a slow provider can't
 * hold up a request, a job, or a lock for longer.
 */
export interface PaymentGateway {
  readonly name: 'stripe' | 'paymob'
  readonly capabilities: ProviderCapabilities

  /**
   * Gives access to the provider's calls. All calls made through one answer may together take `ms` milliseconds, from now
   * on. An answer can be limited further, but its own deadline still applies.
   */
  withTimeBudget(ms: number): PaymentProvider

  /** The provider's own list of events, newest first, back to a moment. Each of its pages has a time budget of its own. */
  listChanges(input: { since: Date; onlyUndelivered: boolean }): AsyncIterable<ProviderChange>

  /**
   * Checks the signature over the raw bytes and reads the notice.
   *
   * @throws {BadWebhook}
   */
  verifyWebhook(rawBody: Buffer, signature: string | undefined): ProviderChange
  /** What a stored notice is about. */
  readChange(payload: Record<string, unknown>): ProviderChange
}

/**
 * The port to whoever takes the money. Everything outside this folder speaks these words; an adapter translates.
 * Amounts are integers in the currency's smallest unit, currencies lower-case ISO 4217, moments are in UTC.
 *
 * Every call throws a `PaymentProviderError` when the provider fails or the time budget is used up.
 */
export interface PaymentProvider extends PaymentGateway {
  /** Whether the provider can be reached and takes our key; `forbidden` for a key that may not do what is needed. */
  checkAccess(): Promise<'ok' | 'refused' | 'forbidden' | 'unreachable'>

  /**
   * Makes the customer once; a repeat with the same `key` gives the same answer.
   *
   * @param input.mayExist the key was used so long ago, if ever, that the provider may have forgotten it.
   */
  ensureCustomer(input: {
    key: string
    userId: string
    email: string | null
    name: string
    mayExist: boolean
  }): Promise<string>
  updateCustomer(input: { providerCustomerId: string; email: string }): Promise<void>
  /** @returns false when it never was, or has been deleted. */
  hasCustomer(providerCustomerId: string): Promise<boolean>
  /** Opens the page on which a customer looks after his cards and invoices; null when the provider does not know him. */
  openPortal(input: { providerCustomerId: string; returnUrl: string }): Promise<string | null>

  /** Makes the plan's product once; one that is there already keeps its name. */
  ensureProduct(input: { planId: string; code: string; name: string }): Promise<string>

  /**
   * Makes a price once for each `key` of ours.
   *
   * @throws {InvalidInput} for a currency that the provider does not take.
   */
  ensurePrice(input: ProviderPriceInput): Promise<string>

  /**
   * Makes the product and its prices say what the plan says: its name, whether it can be bought, and of all its prices
   * only the current one on offer. Repeating it changes nothing.
   */
  syncPlan(input: { productId: string; name: string; isActive: boolean; priceId: string | null }): Promise<void>

  /**
   * Opens a hosted payment page for a subscription, once for each `checkoutId` of ours.
   *
   * @returns null when the price is not on offer any more.
   * @throws {CurrencyMismatch} for a customer who has paid in another one before.
   */
  startCheckout(input: ProviderCheckoutInput): Promise<{ sessionId: string; url: string } | null>

  /** Closes a payment page; one that is closed or paid already stays as it is. */
  expireCheckout(sessionId: string): Promise<void>

  /** @returns null when the provider does not know it. */
  fetchCheckout(sessionId: string): Promise<ProviderCheckout | null>
  fetchSubscription(subscriptionId: string): Promise<ProviderSubscription | null>
  fetchInvoice(invoiceId: string): Promise<ProviderInvoice | null>
  fetchCatalogueItem(item: { kind: 'product' | 'price'; id: string }): Promise<ProviderCatalogueItem | null>
  /** A subscription's invoices, newest first; `onlyOpen` those that are still to be paid. */
  fetchInvoices(subscriptionId: string, filter?: { onlyOpen?: boolean }): Promise<ProviderInvoice[]>
  /** What has become of invoices: paid, failed, refunded, disputed. Drafts and those of nothing have no payment. */
  fetchPayments(invoices: readonly ProviderInvoice[]): Promise<ProviderPayment[]>
  /** The invoice that a payment was for; null when it was for none. */
  findInvoice(paymentId: string): Promise<{ invoiceId: string; customerId: string | null } | null>

  /**
   * What a change would charge and credit: nothing for one that waits for the period's end.
   *
   * @param input.prorationDate whole seconds, within the running period.
   * @throws {PaymentDue} for one that would credit what is yet to be paid.
   */
  previewChange(input: ProviderPreviewInput): Promise<ProviderPreview>
  /**
   * Moves a running subscription to another price at once, for exactly what the preview of that moment said; all or
   * nothing, and once for each `key`.
   *
   * @param input.isTrial whether the preview was that of a trial.
   * @param input.restart as the preview said.
   * @throws {PaymentFailed} {PreviewStale} for a trial that has ended since; and nothing has changed.
   */
  changePlan(input: {
    key: string
    subscriptionId: string
    priceId: string
    prorationDate: Date
    isTrial: boolean
    restart: ProviderPreview['restart']
  }): Promise<void>
  /** Gives the credit of a change that was made but perhaps not finished; a repeat does nothing. */
  giveOwedCredit(subscriptionId: string): Promise<void>
  /** Moves a subscription to another price when its period ends. */
  scheduleChange(input: { key: string; subscriptionId: string; priceId: string }): Promise<void>
  /** Takes a waiting change back; without one it does nothing. */
  dropScheduledChange(subscriptionId: string): Promise<void>

  /** Ends a subscription at its period's end, dropping a waiting change; or now. One that has ended stays as it is. */
  cancel(input: { subscriptionId: string; at: 'period_end' | 'now' }): Promise<void>
  /**
   * Ends a subscription now; what was really paid for the time left goes to the customer's balance, and nothing else.
   * One that has ended already stays as it is.
   */
  cancelWithCredit(subscriptionId: string): Promise<void>
  /**
   * Takes all invoices of a subscription that are not paid out of the world, so that nobody is charged for them any
   * more. Of a running one, those of its next periods come all the same.
   */
  stopCollecting(subscriptionId: string): Promise<void>
  /**
   * Whether anything of what the running period costs was paid and is still ours; also true of one that costs nothing,
   * such as a trial. It says the same after `stopCollecting`.
   */
  isPeriodPaid(subscriptionId: string): Promise<boolean>
  /**
   * Takes a pending cancellation back, whichever way it was marked.
   *
   * @returns false when it has ended already, and nothing can be taken back.
   */
  resume(subscriptionId: string): Promise<boolean>

  /**
   * Pays back, once for each `key`; without an amount, all that is left. What was paid back already is no error. Keys
   * are forgotten after a day: whoever repeats asks first whether it was made.
   *
   * @param input.paymentId the payment's id at the provider.
   * @throws {NotRefundable} when the provider refuses, and nothing has been paid back.
   */
  refund(input: { key: string; paymentId: string; amountCents?: number }): Promise<void>
  /** Gives a customer back, once, what a paid invoice took from his balance. */
  returnBalance(invoiceId: string): Promise<void>

  /** Whether a refund was made under this key, however long ago. */
  hasRefund(input: { key: string; paymentId: string }): Promise<boolean>
}

export interface ProviderPriceInput {
  /** Made from a row of ours, at most 200 characters. */
  key: string
  productId: string
  priceCents: number
  currency: string
  billingPeriod: BillingPeriod
}

export interface ProviderCheckoutInput {
  checkoutId: string
  userId: string
  /** The subscription at the provider that the new one is to take the place of. */
  upgradeFrom: string | null
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
  trialEnd: Date | null
  /** The move that waits for the period's end. */
  scheduledChange: { priceId: string; at: Date } | null
  /** The subscription at the provider that this one was bought to take the place of. */
  upgradeFrom: string | null
  /** A change in place has promised a credit that was not given yet. */
  isOwedCredit: boolean
  latestInvoice: ProviderInvoice | null
}

export interface ProviderInvoice {
  id: string
  customerId: string
  subscriptionId: string | null
  status: 'draft' | 'open' | 'paid' | 'canceled' | 'uncollectible'
  /** Whether somebody has tried to collect it. */
  isAttempted: boolean
  reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'other'
  amountCents: number
  currency: string
  paymentId: string | null
  url: string | null
  createdAt: Date
  finalizedAt: Date | null
}

export interface ProviderPayment {
  invoice: ProviderInvoice
  status: PaymentStatus
  refundedCents: number
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

export interface ProviderPreviewInput {
  subscriptionId: string
  at: 'now' | 'period_end'
  priceId: string
  prorationDate: Date
}

/** What a change of plan comes to. */
export interface ProviderPreview {
  /** Charged at once. */
  dueNowCents: number
  /** Put on the customer's balance. */
  creditCents: number
  /** The customer's balance once it is done: what the next payments are lower by. */
  balanceCents: number
  currency: string
  nextPaymentAt: Date
  hasPaymentMethod: boolean
  /** In a trial, for which nothing is charged or credited. */
  isTrial: boolean
  /**
   * Not all that was billed for the running period is paid and kept (refunded, disputed): then it begins anew and is
   * charged whole, and the share that was credits so much.
   */
  restart: { creditCents: number } | null
}

export interface ProviderCatalogueItem {
  id: string
  name: string | null
  isActive: boolean
}

export interface ProviderCheckout {
  id: string
  customerId: string | null
  status: 'open' | 'complete' | 'expired'
  subscriptionId: string | null
  invoiceId: string | null
}
