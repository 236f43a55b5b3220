import type Stripe from 'stripe'
import { SECOND } from '../../platform/durations.ts'
import type { ProviderCheckout, ProviderInvoice, ProviderSubscription, SubscriptionStatus } from './payment-provider.ts'

/**
 * Stripe's subscription in this product's words. Periods are on the items since Basil, never on the subscription.
 *
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end
 */
export function readSubscription(subscription: Stripe.Subscription): ProviderSubscription {
  const [item] = subscription.items.data
  if (!item) throw new Error(`Stripe's subscription ${subscription.id} has no item.`)
  const { price } = item
  const endedAt = momentOrNull(subscription.ended_at)
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer),
    status: statusOf(subscription.status),
    priceId: price.id,
    priceCents: (price.unit_amount ?? 0) * (item.quantity ?? 1),
    currency: price.currency,
    billingPeriod: price.recurring?.interval === 'year' ? 'yearly' : 'monthly',
    startedAt: moment(subscription.start_date),
    currentPeriodStart: moment(item.current_period_start),
    currentPeriodEnd: moment(item.current_period_end),
    // The API sets the flag, Stripe's own portal sets the date.
    cancelAtPeriodEnd: !endedAt && (subscription.cancel_at_period_end || subscription.cancel_at !== null),
    canceledAt: momentOrNull(subscription.canceled_at),
    endedAt,
    trialStart: momentOrNull(subscription.trial_start),
    latestInvoiceId: subscription.latest_invoice ? idOf(subscription.latest_invoice) : null,
  }
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

/** Stripe's enums are open: a status that nobody knows yet gives no access. */
const statusOf = (status: string): SubscriptionStatus => STATUSES[status] ?? 'pending'

/** Stripe's invoice, retrieved with its payments' intents expanded. */
export function readInvoice(invoice: Stripe.Invoice): ProviderInvoice {
  const payment = invoice.payments?.data.find(({ is_default }) => is_default) ?? invoice.payments?.data[0]
  const intent = payment?.payment.payment_intent
  const subscription = invoice.parent?.subscription_details?.subscription
  if (!invoice.id) throw new Error('Stripe gave an invoice without an id.')
  return {
    id: invoice.id,
    customerId: invoice.customer ? idOf(invoice.customer) : '',
    subscriptionId: subscription ? idOf(subscription) : null,
    status: invoiceStatus(invoice, typeof intent === 'object' ? intent.status : undefined),
    reason: REASONS[invoice.billing_reason ?? ''] ?? 'other',
    amountCents: invoice.amount_due,
    currency: invoice.currency,
    paymentId: intent ? idOf(intent) : null,
    url: invoice.hosted_invoice_url ?? null,
    createdAt: moment(invoice.created),
    finalizedAt: momentOrNull(invoice.status_transitions.finalized_at),
  }
}

function invoiceStatus(invoice: Stripe.Invoice, intentStatus: string | undefined): ProviderInvoice['status'] {
  switch (invoice.status) {
    case 'paid':
      return 'succeeded'
    case 'void':
      return 'canceled'
    case 'uncollectible':
      return 'uncollectible'
    case 'open':
      if (intentStatus === 'requires_action') return 'requires_action'
      return invoice.attempted && intentStatus !== 'processing' ? 'failed' : 'pending'
    default:
      return 'draft'
  }
}

const REASONS: Record<string, ProviderInvoice['reason']> = {
  subscription_create: 'subscription_create',
  subscription_cycle: 'subscription_cycle',
  subscription_update: 'subscription_update',
}

const CHECKOUT_STATUSES: Record<string, ProviderCheckout['status']> = { complete: 'complete', expired: 'expired' }

export function readCheckout(session: Stripe.Checkout.Session): ProviderCheckout {
  return {
    id: session.id,
    customerId: session.customer ? idOf(session.customer) : null,
    status: CHECKOUT_STATUSES[session.status ?? ''] ?? 'open',
    subscriptionId: session.subscription ? idOf(session.subscription) : null,
    invoiceId: session.invoice ? idOf(session.invoice) : null,
  }
}

const idOf = (reference: string | { id: string }): string => (typeof reference === 'string' ? reference : reference.id)
const moment = (unixSeconds: number): Date => new Date(unixSeconds * SECOND)
const momentOrNull = (unixSeconds: number | null): Date | null => (unixSeconds === null ? null : moment(unixSeconds))
