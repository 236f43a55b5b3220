import { endSubscription } from '../billing/end-subscription.ts'
import { updateSubscriptionTerms } from '../billing/update-subscription.ts'
import { redeem } from '../discounts/redeem.ts'
import { emit } from '../events/emit.ts'
import { invalidRequest } from '../http/errors.ts'
import { attachPaymentMethod, createPaymentMethod } from '../payments/payment-methods.ts'
import type { TestCard } from '../payments/test-cards.ts'
import { updateCustomer } from '../resources/customer.ts'
import { featuresOfSession } from '../resources/portal-features.ts'
import { insertSetupIntent, serializeSetupIntent } from '../resources/setup-intent.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { PortalFlow, PortalSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { offeredPrices } from './offered-prices.ts'
import { schedulePlan, waitsForPeriodEnd } from './schedule-plan.ts'

/**
 * Cancels from the portal. In flexible billing mode, this sets `cancel_at` and leaves `cancel_at_period_end` false.
 *
 * @see https://docs.stripe.com/billing/subscriptions/billing-mode/compare#scheduled-subscription-cancellation
 */
export function cancelInPortal(account: Account, session: PortalSessionRow, id: string): void {
  const { enabled, mode, proration_behavior = 'none' } = featuresOfSession(account, session).subscription_cancel
  const subscription = ownSubscription(account, session, id)
  if (!enabled && session.flow?.type !== 'subscription_cancel') throw notAllowed()
  if (mode === 'immediately') {
    endSubscription(account, id, {
      reason: 'cancellation_requested',
      prorate: proration_behavior !== 'none',
      invoiceNow: proration_behavior === 'always_invoice',
    })
    return
  }
  const end = Math.min(...subscription.items.map((item) => item.current_period_end))
  updateSubscription(account, id, {
    cancel_at: end,
    cancel_at_period_end: subscription.billing_mode === 'classic',
    canceled_at: account.nowOf(session.customer),
    cancellation_details: { ...subscription.cancellation_details, reason: 'cancellation_requested' },
  })
}

/** Undoes a cancellation from the portal. */
export function resumeInPortal(account: Account, session: PortalSessionRow, id: string): void {
  const subscription = ownSubscription(account, session, id)
  updateSubscription(account, id, {
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { ...subscription.cancellation_details, reason: null },
  })
}

/** Changes the first item's price, or makes the changes that the session's flow asks to confirm. */
export function changePlanInPortal(account: Account, session: PortalSessionRow, id: string, price: string): void {
  const subscription = ownSubscription(account, session, id)
  const confirmed = session.flow?.type === 'subscription_update_confirm' ? session.flow.items : null
  const offered = offeredPrices(account, session, subscription).some(({ id: each }) => each === price)
  if (!confirmed && !offered) throw notAllowed()
  const items = subscription.items.map(({ id: item, price: old, quantity, metadata }, index) => {
    const wanted = confirmed?.find((each) => each.id === item)
    if (confirmed) return { id: item, price: wanted?.price ?? old, quantity: wanted?.quantity ?? quantity, metadata }
    return { id: item, price: index === 0 ? price : old, quantity, metadata }
  })
  const update = featuresOfSession(account, session).subscription_update
  if (waitsForPeriodEnd(account, subscription, items, update)) {
    schedulePlan(account, subscription, items)
    return
  }
  const discounts = confirmed && session.flow?.discounts
  updateSubscriptionTerms(account, id, {
    fields: discounts ? { discounts: redeemInPortal(account, subscription, discounts) } : {},
    terms: {
      items,
      proration: update.proration_behavior ?? 'always_invoice',
      at: account.nowOf(session.customer),
      anchor: update.billing_cycle_anchor ?? 'unchanged',
      trialEnd: subscription.status === 'trialing' && update.trial_update_behavior === 'end_trial' ? 'now' : null,
    },
    paymentBehavior: 'error_if_incomplete',
  })
}

/**
 * Makes a new card the default of the customer, and of each subscription that has its own default: otherwise its
 * renewals would keep failing on the old card.
 *
 * @returns the path of the authentication page if the card requires it.
 */
export function changeCardInPortal(
  account: Account,
  session: PortalSessionRow,
  typed: { card: TestCard; exp_month: number; exp_year: number },
  next: string,
): { next?: string } {
  if (!featuresOfSession(account, session).payment_method_update && session.flow?.type !== 'payment_method_update')
    throw notAllowed()
  const { customer } = session
  const { email, name } = account.customers.get(customer)
  const method = attachPaymentMethod(
    account,
    createPaymentMethod(account, typed.card, { ...typed, billing_details: { email, name } }).id,
    customer,
  )
  updateCustomer(account, customer, { default_payment_method: method.id })
  for (const subscription of account.subscriptions.by('customer', customer)) {
    if (subscription.ended_at === null && subscription.default_payment_method !== null)
      updateSubscription(account, subscription.id, { default_payment_method: method.id })
  }
  const asks = method.behaviour.authentication !== 'never'
  const intent = insertSetupIntent(account, {
    customer,
    payment_method: method.id,
    status: asks ? 'requires_action' : 'succeeded',
    return_url: asks ? absolute(account, next) : null,
  })
  emit(account, asks ? 'setup_intent.requires_action' : 'setup_intent.succeeded', serializeSetupIntent(account, intent))
  return asks ? { next: `/authenticate/${intent.id}?secret=${intent.client_secret}` } : {}
}

function redeemInPortal(
  account: Account,
  { currency, customer }: SubscriptionRow,
  discounts: NonNullable<PortalFlow['discounts']>,
): string[] {
  const sources = discounts.map(({ coupon, promotion_code }) =>
    coupon === null ? { promotion_code: promotion_code ?? '' } : { coupon },
  )
  return redeem(account, sources, { customer, currency, param: 'discounts' })
}

/** @throws {StripeApiError} 400 for a subscription that has ended or is another customer's. */
export function ownSubscription(account: Account, session: PortalSessionRow, id: string): SubscriptionRow {
  const row = account.subscriptions.find(id)
  if (!row || row.customer !== session.customer || row.ended_at !== null)
    throw invalidRequest('This subscription has ended or belongs to another customer.')
  return row
}

function absolute(account: Account, path: string): string {
  return new URL(path, account.publicUrl).href
}

function notAllowed(): Error {
  return invalidRequest('This is not available here.')
}
