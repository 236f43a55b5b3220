import type { ProviderCapabilities, ProviderName } from './capabilities.ts'
import type { LaterStart } from './later-start.ts'
import type { ProviderAccount } from './provider-account.ts'
import type { CardProvider } from './provider-cards.ts'
import type { CatalogueProvider } from './provider-catalogue.ts'
import type { ChangeRange, ProviderChange, WebhookCall } from './provider-change.ts'
import type { ProviderCheckout, ProviderCheckoutInput, ProviderPage } from './provider-checkout.ts'
import type { DetailsProvider } from './provider-details.ts'
import type { DiscountProvider, RunningDiscount } from './provider-discounts.ts'
import type { ProviderInvoice, ProviderPayment } from './provider-invoice.ts'
import type { ProviderItem } from './provider-item.ts'
import type { ListProvider } from './provider-lists.ts'
import type { MeteringProvider, ProviderOverage } from './provider-metering.ts'
import type { ProviderPaymentMethod } from './provider-payment-method.ts'
import type {
  ProviderPlanItem,
  ProviderPreview,
  ProviderPreviewInput,
  ProviderScheduleInput,
  ProviderSeatPrice,
} from './provider-preview.ts'
import type { PaidBack, RefundProvider } from './provider-refunds.ts'
import type { RedactedPayload } from './redacted-payload.ts'

export { NO_AMOUNT, untaxed, type AmountParts } from './amount-parts.ts'
export { isForeign, isTestOnly, OTHER_ACCOUNT, type ProviderAccount } from './provider-account.ts'
export type { CardProvider, PayableDebt, ProviderCard, ProviderCardPage, ProviderCards } from './provider-cards.ts'
export type { BillingInterval, BillingPeriod, CatalogueItem, SeatTerms } from './provider-catalogue.ts'
export type { ChangeRange, ProviderChange, ProviderNews, WebhookCall } from './provider-change.ts'
export type { ProviderCheckout, ProviderCheckoutInput, ProviderPage } from './provider-checkout.ts'
export type { DiscountProvider, ProviderDiscountInput, RunningDiscount } from './provider-discounts.ts'
export type { LaterStart }
export type { ProviderDispute } from './provider-dispute.ts'
export type { PaymentStatus, ProviderInvoice, ProviderPayment } from './provider-invoice.ts'
export type { ProviderItem } from './provider-item.ts'
export type { ListedPage, ListedSubscription } from './provider-lists.ts'
export * from './provider-metering.ts'
export type { ProviderPaymentMethod } from './provider-payment-method.ts'
export type { PaidBack, RefusedRefund } from './provider-refunds.ts'
export type { ProviderPlanItem, ProviderPreview, ProviderPreviewInput, ProviderSeatPrice } from './provider-preview.ts'

/** The provider without its calls. Those need a time budget (`withTimeBudget`), so that a slow one blocks nothing. */
export interface PaymentGateway {
  readonly name: ProviderName
  readonly capabilities: ProviderCapabilities
  /** The time zone in which it counts days; null if it bills by the moment. */
  readonly timeZone: string | null
  /** Whether our key is a live one. */
  readonly isLiveMode: boolean
  /** The types of events that may change something here. All others are stored and ignored. */
  readonly eventTypes: ReadonlySet<string> | 'all'

  /**
   * Starts a time budget of `ms` milliseconds, and returns the provider's calls. All calls made through the returned
   * object share the budget. A budget inside a budget can only end earlier.
   */
  withTimeBudget(ms: number): PaymentProvider

  /** @returns the same provider. `onCall` runs at every call to it, also at a repeated one. */
  counting(onCall: () => void): PaymentGateway

  /** @returns the account and mode of our key, which is asked for only once; null while it is unknown. */
  account(): Promise<ProviderAccount | null>

  /**
   * Lists the provider's events, delivered or not, in no particular order. Each page has its own time budget. Empty
   * without the capability `eventLists`.
   */
  listChanges(range: ChangeRange): AsyncIterable<ProviderChange>

  /**
   * Checks the signature of a webhook call, and reads its event.
   *
   * @throws {BadWebhook}
   */
  verifyWebhook(call: WebhookCall): ProviderChange
  /** Reads a stored event. */
  readChange(payload: Record<string, unknown>): ProviderChange
  /**
   * Reads which subscription a page for adding a card is for.
   *
   * @returns null for every other session.
   */
  readCardPage(sessionId: string): { subscriptionId: string } | null
  /** The page for people where the evidence for a dispute is given; null if there is none. */
  disputePage(disputeId: string): string | null
  /** Reduces a stored event to ids, states, amounts and times. */
  redact(payload: Record<string, unknown>): RedactedPayload
}

type Lists = ListProvider<ProviderSubscription, ProviderInvoice>

/**
 * The port to the payment provider. All code outside this folder uses these terms; an adapter translates them.
 * Amounts are integers in the currency's smallest unit. Currencies are lower-case ISO 4217 codes. Times are in UTC.
 *
 * Every call throws a `PaymentProviderError` if the provider fails or the time budget is used up.
 */
export interface PaymentProvider
  extends
    PaymentGateway,
    CardProvider,
    CatalogueProvider,
    DetailsProvider,
    DiscountProvider,
    MeteringProvider,
    RefundProvider,
    Lists {
  /** Whether the provider is reachable and accepts our key. `forbidden` means that the key lacks a permission. */
  checkAccess(): Promise<'ok' | 'refused' | 'forbidden' | 'unreachable'>

  /**
   * Creates the customer once. A repeat with the same `key` returns the same id.
   *
   * @param input.mayExist whether an earlier call may be so old that the provider has forgotten its key.
   */
  ensureCustomer(input: {
    key: string
    accountId: string
    /** The user of a personal account. */
    userId: string | null
    email: string | null
    name: string
    mayExist: boolean
  }): Promise<string>
  /** Sets the customer's email. Does nothing if the customer never existed or was deleted. */
  updateCustomer(input: { providerCustomerId: string; email: string }): Promise<void>
  /**
   * What the customer has as credit for their next payments, by currency. An amount that is added to the next payment
   * instead is negative. Empty if there is neither, or the provider keeps no balance.
   */
  fetchCredit(providerCustomerId: string): Promise<{ currency: string; cents: number }[]>
  /** @returns false if the customer never existed or was deleted. */
  hasCustomer(providerCustomerId: string): Promise<boolean>
  /** @returns the URL of the portal for the customer's cards and invoices; null if the provider does not know them. */
  openPortal(input: { providerCustomerId: string; returnUrl: string }): Promise<string | null>

  /**
   * Opens a checkout page for a subscription, once per `checkoutId`.
   *
   * @throws {CurrencyMismatch} for a customer who has paid in another currency before.
   */
  startCheckout(input: ProviderCheckoutInput): Promise<ProviderPage>
  /** Expires an open checkout page. Does nothing if it is paid, expired, or unknown. */
  expireCheckout(sessionId: string): Promise<void>
  /** @returns null if the provider does not know the checkout page. */
  fetchCheckout(sessionId: string): Promise<ProviderCheckout | null>
  /** @returns null if the provider does not know the subscription. */
  fetchSubscription(subscriptionId: string): Promise<ProviderSubscription | null>
  /** @returns what a subscription's next invoice is charged to; null if nothing is on file. */
  fetchPaymentMethod(subscriptionId: string): Promise<ProviderPaymentMethod | null>
  /** A customer's subscriptions that have not ended, oldest first. Empty for an unknown customer. */
  fetchSubscriptions(customerId: string): Promise<ProviderSubscription[]>
  /** @returns null if the provider does not know the invoice. */
  fetchInvoice(invoiceId: string): Promise<ProviderInvoice | null>
  /** A subscription's invoices, newest first. With `onlyOpen`, only those that are finalized but not paid. */
  fetchInvoices(subscriptionId: string, filter?: { onlyOpen?: boolean }): Promise<ProviderInvoice[]>
  /** The payments of these invoices. Drafts and invoices without an amount have none and are left out. */
  fetchPayments(invoices: readonly ProviderInvoice[]): Promise<ProviderPayment[]>
  /** @returns the invoice that a payment belongs to; null if it belongs to none. */
  findInvoice(paymentId: string): Promise<{ invoiceId: string; customerId: string | null } | null>

  /**
   * Computes what a plan change would charge and credit. A change at the period's end charges and credits nothing.
   *
   * @param input.prorationDate whole seconds, within the current period.
   * @returns null if the subscription has ended.
   * @throws {PaymentDue} if the change would credit money that is not paid yet.
   */
  previewChange(input: ProviderPreviewInput): Promise<ProviderPreview | null>
  /**
   * Changes the plan of a live subscription to another price now, for exactly the amounts of the preview at
   * `prorationDate`. The discounts and other items stay, and so does the quantity, unless one is given. The overage
   * prices follow the plan. Does all of it or nothing, and once per `key`.
   *
   * @param input.isTrial `isTrial` of the preview.
   * @param input.restart `restart` of the preview.
   * @throws {PaymentFailed} and nothing has changed.
   * @throws {PreviewStale} if the trial has ended or the price was replaced since the preview; nothing has changed.
   * @throws {CodeNotValid} if the promotion code can't be redeemed; nothing has changed.
   */
  changePlan(input: {
    key: string
    plan: ProviderPlanItem
    priceId: string
    quantity: number | null
    overage?: ProviderOverage
    prorationDate: Date
    isTrial: boolean
    restart: ProviderPreview['restart']
    promotionCodeId?: string | null
  }): Promise<void>
  /**
   * Sets the quantity of an item. The difference is prorated on the next invoice; only a price that has cost nothing so
   * far is charged now, and a charge that fails makes the subscription past due.
   */
  setQuantity(input: { subscriptionId: string; itemId: string; quantity: number }): Promise<void>
  /** @returns what `setQuantity` would lead to; null if no payment is to come. */
  previewQuantity(input: {
    subscriptionId: string
    itemId: string
    quantity: number
  }): Promise<ProviderSeatPrice | null>
  /**
   * Gives what a plan change still owes, and refunds what was paid twice (`isOwedCredit`). A repeat does nothing.
   *
   * @param how.leaves payments that must not be refunded now, because the provider has refused before.
   */
  giveOwedCredit(subscriptionId: string, how?: { leaves?: readonly string[] }): Promise<PaidBack>
  /**
   * Schedules a change to another price at the period's end. Works also if the present price is archived. If it fails,
   * it leaves no schedule behind. A promotion code is redeemed then, instead of the discounts that run.
   *
   * @throws {CodeNotValid} if the promotion code can't be redeemed; nothing has changed.
   */
  scheduleChange(input: ProviderScheduleInput): Promise<void>
  /** Drops the scheduled change. Does nothing without one. What else an operator has scheduled stays. */
  dropScheduledChange(plan: ProviderPlanItem): Promise<void>
  /** Releases our schedule once it has nothing left to do (`hasIdleSchedule`). A repeat does nothing. */
  releaseIdleSchedule(subscriptionId: string): Promise<void>

  /**
   * Cancels a subscription now or at its period's end, and drops its scheduled change. An earlier end stays, a later one
   * is brought forward. Does nothing if it has ended.
   *
   * @param input.itemId the plan's item, whose period counts; null if it is not known.
   */
  cancel(
    input: { subscriptionId: string; at: 'now' } | { subscriptionId: string; at: 'period_end'; itemId: string | null },
  ): Promise<void>
  /**
   * Ends a subscription now, and credits its unused time to the customer's balance: only the share that was paid and
   * not refunded or disputed. For a subscription that has already ended, it only corrects the credit.
   */
  cancelWithCredit(subscriptionId: string): Promise<void>
  /** Voids a subscription's open invoices and keeps its drafts from being finalized. Its next periods are still charged. */
  stopCollecting(subscriptionId: string): Promise<void>
  /**
   * Whether at least part of the current period's price was paid, and not refunded or disputed; true if it costs nothing,
   * as in a trial. Its answer does not change with `stopCollecting`.
   */
  isPeriodPaid(subscriptionId: string): Promise<boolean>
  /**
   * Sets when a subscription begins that has not begun yet (`laterStart`). Does nothing if it begins then already, has
   * begun, or has ended.
   *
   * @param input.at in the future.
   */
  moveStart(input: { subscriptionId: string; at: Date }): Promise<void>
  /**
   * Undoes a pending cancellation, whether it was made here or in the provider's portal.
   *
   * @returns false if the subscription has already ended.
   */
  resume(subscriptionId: string): Promise<boolean>

  /** Returns to the customer's balance, once, what a paid invoice took from it. */
  returnBalance(invoiceId: string): Promise<void>
}

/** Our subscription statuses. The adapter translates the provider's. */
export type SubscriptionStatus = 'pending' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'

export interface ProviderSubscription {
  id: string
  customerId: string
  status: SubscriptionStatus
  currency: string
  /** In the provider's order. Only our rows know which of them is the plan. */
  items: readonly ProviderItem[]
  startedAt: Date
  /** When it is set to end, however the provider marks that; null if it renews. */
  cancelAt: Date | null
  /** Set while an operator has paused collection: invoices are not collected. */
  pausedCollection: { resumesAt: Date | null } | null
  canceledAt: Date | null
  endedAt: Date | null
  /** Whether the provider ended it because a payment had failed. */
  hasEndedUnpaid: boolean
  trialStart: Date | null
  trialEnd: Date | null
  /** Set for one that was bought to begin later (`startsAt` of its checkout page). Until then it counts as active. */
  laterStart: LaterStart | null
  /** The prices that a schedule will switch to, in order. */
  scheduledPhases: readonly { at: Date; priceIds: readonly string[] }[]
  /** Whether our schedule has no later phases left. Then it only blocks changes in the dashboard. */
  hasIdleSchedule: boolean
  /** In the order in which they are taken off. Empty at a provider without discounts. */
  discounts: readonly RunningDiscount[]
  /** Whether a discount that runs is missing in the later phases of our schedule, so that it would end with them. */
  losesDiscounts: boolean
  /** Whether it was bought on our checkout page. Otherwise an operator made it at the provider, on purpose. */
  isFromCheckout: boolean
  /** The provider's id of the subscription that this one was bought to replace. */
  upgradeFrom: string | null
  /** Whether a plan change still owes the customer a credit. */
  isOwedCredit: boolean
  latestInvoice: ProviderInvoice | null
}
