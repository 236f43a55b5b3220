import type { BillingSettings } from '../billing.settings.ts'
import type { ProviderChange } from '../providers/payment-provider.ts'

/**
 * Whether an event matters here: it is of our key's mode (live or test), we handle its type, and it names an object
 * that can be fetched.
 */
export function isHandled({ isLiveMode, type, subject }: ProviderChange, settings: BillingSettings): boolean {
  return isLiveMode === settings.isLiveMode && subject !== null && HANDLED_EVENTS.has(type)
}

/** The types of Stripe events that change something here. All others are stored and ignored. */
export const HANDLED_EVENTS: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  'customer.subscription.pending_update_applied',
  'customer.subscription.pending_update_expired',
  'invoice.sent',
  'invoice.paid',
  'invoice.payment_succeeded',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.marked_uncollectible',
  'invoice.voided',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'customer.deleted',
  'product.updated',
  'price.updated',
])
