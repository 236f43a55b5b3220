import type Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import type {
  AmountParts,
  BillingInterval,
  LaterStart,
  ProviderCheckout,
  ProviderInvoice,
  ProviderItem,
  ProviderSubscription,
  SubscriptionStatus,
} from '../payment-provider.ts'

/** Translates Stripe's subscription, which must have its schedule and latest invoice expanded. */
export function readSubscription(
  subscription: Stripe.Subscription,
): Omit<ProviderSubscription, 'discounts' | 'losesDiscounts'> {
  const endedAt = momentOrNull(subscription.ended_at)
  const { latest_invoice } = subscription
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer),
    status: isFirstPaymentOpen(subscription) ? 'pending' : statusOf(subscription),
    currency: subscription.currency,
    items: subscription.items.data.map(readItem),
    startedAt: moment(subscription.start_date),
    cancelAt: endedAt ? null : momentOrNull(endOf(subscription)),
    pausedCollection: subscription.pause_collection && {
      resumesAt: momentOrNull(subscription.pause_collection.resumes_at),
    },
    canceledAt: momentOrNull(subscription.canceled_at),
    endedAt,
    hasEndedUnpaid: endedAt !== null && subscription.cancellation_details?.reason === 'payment_failed',
    trialStart: startsLater(subscription) ? null : momentOrNull(subscription.trial_start),
    trialEnd: startsLater(subscription) ? null : momentOrNull(subscription.trial_end),
    laterStart: startsLater(subscription) ? readLaterStart(subscription) : null,
    ...readSchedule(subscription.schedule),
    // Only our checkout pages write the user's id to a subscription's metadata.
    isFromCheckout: subscription.metadata['user_id'] !== undefined,
    upgradeFrom: subscription.metadata['upgrade_from_subscription_id'] ?? null,
    isOwedCredit: !!subscription.metadata['credit_key'],
    latestInvoice: typeof latest_invoice === 'object' && latest_invoice ? readInvoice(latest_invoice) : null,
  }
}

/**
 * Whether the first payment has not been made yet. If it takes days, as a bank debit does, Stripe makes the
 * subscription active at once, and past due if the payment fails. A customer who gets invoices by email has access
 * before they pay.
 *
 * @see https://docs.stripe.com/payments/checkout/fulfillment#delayed-notification
 */
function isFirstPaymentOpen({ status, collection_method, latest_invoice: invoice }: Stripe.Subscription): boolean {
  const isRunning = status === 'active' || status === 'past_due' || status === 'unpaid'
  if (!isRunning || collection_method !== 'charge_automatically') return false
  if (typeof invoice !== 'object' || invoice?.billing_reason !== 'subscription_create') return false
  return invoice.status === 'open' && invoice.amount_due > 0
}

/**
 * Since API version Basil, periods are on the items, not on the subscription.
 *
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end
 */
function readItem({ id, price, quantity, ...period }: Stripe.SubscriptionItem): ProviderItem {
  return {
    id,
    priceId: price.id,
    productId: idOf(price.product),
    // What is billed by usage has no quantity, and its price is not known in advance.
    quantity: quantity ?? (price.recurring?.usage_type === 'metered' ? 0 : 1),
    unitPriceCents: exact(price.unit_amount, price.id) ?? Number(price.unit_amount_decimal ?? 0),
    interval: { unit: unitOf(price.recurring?.interval), count: price.recurring?.interval_count ?? 1 },
    currentPeriodStart: moment(period.current_period_start),
    currentPeriodEnd: moment(period.current_period_end),
  }
}

const UNITS: Record<string, BillingInterval['unit']> = { day: 'day', week: 'week', month: 'month', year: 'year' }

/** Stripe may add units. An unknown one is shown as months. */
const unitOf = (unit: string | undefined): BillingInterval['unit'] => UNITS[unit ?? ''] ?? 'month'

/** Returns the plan's item. Without its id, the first one: rows of older versions don't know it. */
export function itemOf(subscription: Stripe.Subscription, id?: string | null): Stripe.SubscriptionItem {
  const { data } = subscription.items
  const item = data.find((candidate) => candidate.id === id) ?? data[0]
  if (!item) throw new Error(`Stripe's subscription ${subscription.id} has no item.`)
  return item
}

/** When a subscription is set to end. The API sets a flag; Stripe's portal sets a date, and an operator any date. */
export function endOf({ cancel_at, cancel_at_period_end, items }: Stripe.Subscription): number | null {
  if (cancel_at !== null || !cancel_at_period_end) return cancel_at
  return Math.min(...items.data.map(({ current_period_end }) => current_period_end))
}

function readSchedule(
  schedule: Stripe.Subscription['schedule'],
): Pick<ProviderSubscription, 'scheduledPhases' | 'hasIdleSchedule'> {
  if (typeof schedule !== 'object' || schedule?.status !== 'active' || !schedule.current_phase)
    return { scheduledPhases: [], hasIdleSchedule: false }
  const { end_date } = schedule.current_phase
  const later = schedule.phases.filter(({ start_date }) => start_date >= end_date)
  return {
    scheduledPhases: later.map(({ start_date, items }) => ({
      at: moment(start_date),
      priceIds: items.map(({ price }) => idOf(price)),
    })),
    hasIdleSchedule: later.length === 0 && isOurs(schedule),
  }
}

/** Whether we made a schedule. Others are an operator's, the portal's, or of an older version. */
export function isOurs({ metadata }: Stripe.SubscriptionSchedule): boolean {
  return metadata?.['plan_change'] !== undefined
}

const STATUSES: Record<string, SubscriptionStatus> = {
  incomplete: 'pending',
  incomplete_expired: 'canceled',
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'unpaid',
  paused: 'paused',
  canceled: 'canceled',
}

/** Stripe may add statuses. An unknown one gives no access. */
function statusOf(subscription: Stripe.Subscription): SubscriptionStatus {
  const status = STATUSES[subscription.status] ?? 'pending'
  return status === 'trialing' && startsLater(subscription) ? 'active' : status
}

/** Marks a subscription that was bought to begin later. Stripe has it in a trial until then. */
export const LATER_START = 'starts_later'

const startsLater = ({ metadata }: Stripe.Subscription): boolean => metadata[LATER_START] !== undefined

function readLaterStart({ status, trial_end, ended_at, start_date }: Stripe.Subscription): LaterStart {
  const at = trial_end ?? start_date
  const hasEndedBefore = ended_at !== null && trial_end !== null && ended_at <= trial_end
  return { at: moment(at), hasBegun: status !== 'trialing' && !hasEndedBefore }
}

/** Translates Stripe's invoice, which must have its payments expanded. */
export function readInvoice(invoice: Stripe.Invoice): ProviderInvoice {
  const payment = invoice.payments?.data.find(({ is_default }) => is_default) ?? invoice.payments?.data[0]
  const intent = payment?.payment.payment_intent
  const subscription = invoice.parent?.subscription_details?.subscription
  return {
    id: invoice.id,
    customerId: invoice.customer ? idOf(invoice.customer) : null,
    subscriptionId: subscription ? idOf(subscription) : null,
    status: INVOICE_STATUSES[invoice.status ?? ''] ?? 'draft',
    isAttempted: invoice.attempted,
    reason: REASONS[invoice.billing_reason ?? ''] ?? 'other',
    amountCents: exact(invoice.amount_due, invoice.id),
    ...partsOf(invoice),
    ...chargesOf(invoice),
    currency: invoice.currency,
    paymentId: intent ? idOf(intent) : null,
    priceIds: chargedPrices(invoice),
    url: invoice.hosted_invoice_url ?? null,
    number: invoice.number,
    pdfUrl: invoice.invoice_pdf ?? null,
    createdAt: moment(invoice.created),
    finalizedAt: momentOrNull(invoice.status_transitions.finalized_at),
    dueAt: momentOrNull(invoice.due_date),
    nextAttemptAt: momentOrNull(invoice.next_payment_attempt),
  }
}

/** What an invoice, or the preview of one, is made of. */
export function partsOf(invoice: Stripe.Invoice): AmountParts {
  const { id, subtotal, total_discount_amounts } = invoice
  return {
    subtotalCents: exact(subtotal, id),
    discountCents: exact(sumOf(total_discount_amounts), id),
    taxCents: exact(taxesOf(invoice, 'inclusive') + taxesOf(invoice, 'exclusive'), id),
  }
}

/** A plan change's invoice also credits the former price, whose taxes may differ from today's. */
function chargesOf({ lines }: Stripe.Invoice): Pick<ProviderInvoice, 'chargedCents' | 'includedTaxCents'> {
  const charges = lines.data.filter(({ amount }) => amount > 0)
  const included = charges.flatMap(({ taxes }) => taxes ?? []).filter((tax) => tax.tax_behavior === 'inclusive')
  const discounts = charges.flatMap(({ discount_amounts }) => discount_amounts ?? [])
  return {
    chargedCents: charges.reduce((sum, { amount }) => sum + amount, 0) - sumOf(discounts),
    includedTaxCents: sumOf(included),
  }
}

/** The taxes that the prices of an invoice include, or those that are added to them. */
function taxesOf({ total_taxes }: Stripe.Invoice, behavior: 'inclusive' | 'exclusive'): number {
  return sumOf((total_taxes ?? []).filter(({ tax_behavior }) => tax_behavior === behavior))
}

const sumOf = (parts: readonly { amount: number }[] | null): number =>
  (parts ?? []).reduce((sum, { amount }) => sum + amount, 0)

/** A plan change has a line that credits the old price before the one that charges for the new price. */
function chargedPrices({ lines }: Stripe.Invoice): string[] {
  return lines.data.toReversed().flatMap(({ amount, pricing }) => {
    const price = pricing?.price_details?.price
    return price && amount > 0 ? [idOf(price)] : []
  })
}

/** The invoice item that a line was before it was added to an invoice; null if it was none. */
export const waitingItem = ({ parent }: Stripe.InvoiceLineItem): string | null =>
  parent?.subscription_item_details?.invoice_item ?? parent?.invoice_item_details?.invoice_item ?? null

const INVOICE_STATUSES: Record<string, ProviderInvoice['status']> = {
  draft: 'draft',
  open: 'open',
  paid: 'paid',
  void: 'canceled',
  uncollectible: 'uncollectible',
}

const REASONS: Record<string, ProviderInvoice['reason']> = {
  subscription_create: 'subscription_create',
  subscription_cycle: 'subscription_cycle',
  subscription_update: 'subscription_update',
}

const CHECKOUT_STATUSES: Record<string, ProviderCheckout['status']> = { complete: 'complete', expired: 'expired' }

/** Translates Stripe's checkout session, which must have its customer expanded. */
export function readCheckout(session: Stripe.Checkout.Session): ProviderCheckout {
  return {
    id: session.id,
    customerId: session.customer ? idOf(session.customer) : null,
    isCustomerGone: typeof session.customer === 'object' && session.customer?.deleted === true,
    status: CHECKOUT_STATUSES[session.status ?? ''] ?? 'open',
    subscriptionId: session.subscription ? idOf(session.subscription) : null,
    invoiceId: session.invoice ? idOf(session.invoice) : null,
  }
}

/** @throws {Error} for an amount beyond 9,007,199,254,740,991: JavaScript would round it. */
function exact<Amount extends number | null>(amount: Amount, id: string): Amount {
  if (amount !== null && !Number.isSafeInteger(amount))
    throw new Error(`The amount of ${id} is too large to be read exactly: ${amount}.`)
  return amount
}

export const idOf = (reference: string | { id: string }): string =>
  typeof reference === 'string' ? reference : reference.id
const moment = (unixSeconds: number): Date => new Date(unixSeconds * SECOND)
const momentOrNull = (unixSeconds: number | null): Date | null => (unixSeconds === null ? null : moment(unixSeconds))
