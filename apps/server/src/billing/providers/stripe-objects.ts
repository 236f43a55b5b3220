import type Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import type { ProviderCheckout, ProviderInvoice, ProviderSubscription, SubscriptionStatus } from './payment-provider.ts'

/**
 * Translates Stripe's subscription, which must have its schedule and latest invoice expanded. Since API version Basil,
 * periods are on the items, not on the subscription.
 *
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end
 */
export function readSubscription(subscription: Stripe.Subscription): ProviderSubscription {
  const item = itemOf(subscription)
  const { price } = item
  const endedAt = momentOrNull(subscription.ended_at)
  const { latest_invoice } = subscription
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer),
    status: isFirstPaymentOpen(subscription) ? 'pending' : statusOf(subscription.status),
    priceId: price.id,
    priceCents: (price.unit_amount ?? 0) * (item.quantity ?? 1),
    currency: price.currency,
    billingPeriod: price.recurring?.interval === 'year' ? 'yearly' : 'monthly',
    startedAt: moment(subscription.start_date),
    currentPeriodStart: moment(item.current_period_start),
    currentPeriodEnd: moment(item.current_period_end),
    // The API sets the flag; Stripe's portal sets the date.
    cancelAtPeriodEnd: !endedAt && (subscription.cancel_at_period_end || subscription.cancel_at !== null),
    canceledAt: momentOrNull(subscription.canceled_at),
    endedAt,
    trialStart: momentOrNull(subscription.trial_start),
    trialEnd: momentOrNull(subscription.trial_end),
    scheduledChange: readScheduledChange(subscription.schedule, price.id),
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

/** Returns the subscription's only item: each subscription sells one plan. */
export function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data
  if (!item) throw new Error(`Stripe's subscription ${subscription.id} has no item.`)
  return item
}

function readScheduledChange(
  schedule: Stripe.Subscription['schedule'],
  presentPriceId: string,
): ProviderSubscription['scheduledChange'] {
  if (typeof schedule !== 'object' || schedule?.status !== 'active' || !schedule.current_phase) return null
  const { end_date } = schedule.current_phase
  const next = schedule.phases.find(({ start_date }) => start_date >= end_date)
  const [item] = next?.items ?? []
  if (!next || !item) return null
  const priceId = idOf(item.price)
  return priceId === presentPriceId ? null : { priceId, at: moment(next.start_date) }
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
const statusOf = (status: string): SubscriptionStatus => STATUSES[status] ?? 'pending'

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
    amountCents: invoice.amount_due,
    currency: invoice.currency,
    paymentId: intent ? idOf(intent) : null,
    url: invoice.hosted_invoice_url ?? null,
    createdAt: moment(invoice.created),
    finalizedAt: momentOrNull(invoice.status_transitions.finalized_at),
  }
}

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

export const idOf = (reference: string | { id: string }): string =>
  typeof reference === 'string' ? reference : reference.id
const moment = (unixSeconds: number): Date => new Date(unixSeconds * SECOND)
const momentOrNull = (unixSeconds: number | null): Date | null => (unixSeconds === null ? null : moment(unixSeconds))
