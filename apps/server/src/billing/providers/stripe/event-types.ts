import type { ProviderNews } from '../provider-change.ts'

/** The types of Stripe events that change something here. All others are stored and ignored. */
export const STRIPE_EVENT_TYPES: ReadonlySet<string> = new Set([
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
  'promotion_code.updated',
  'coupon.deleted',
])

/** What the customer gets a mail about. */
export const STRIPE_NEWS: Readonly<Record<string, ProviderNews>> = {
  'customer.subscription.deleted': 'ended',
  'customer.subscription.trial_will_end': 'trial-ending',
  'customer.subscription.updated': 'updated',
  'invoice.paid': 'paid',
  'invoice.payment_succeeded': 'paid',
  'invoice.payment_failed': 'payment-failed',
  'invoice.payment_action_required': 'action-required',
  'charge.refunded': 'refunded',
  // A refund that was pending may have failed, or was canceled.
  'refund.updated': 'refund-updated',
  'refund.failed': 'refund-updated',
}
