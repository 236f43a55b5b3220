import { endSubscription } from '../billing/end-subscription.ts'
import type { ItemChange } from '../billing/place-items.ts'
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
  if (session.flow ? !isIn(session.flow, 'subscription_cancel', id) : !enabled) throw notAllowed()
  if (isEnding(subscription)) throw notAllowed()
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

/** Whether customers can undo the cancellation of a subscription. A schedule would cancel it all the same. */
export function canResume(account: Account, session: PortalSessionRow, subscription: SubscriptionRow): boolean {
  const { enabled } = featuresOfSession(account, session).subscription_cancel
  return !session.flow && enabled && isEnding(subscription) && subscription.schedule === null
}

/**
 * Undoes a cancellation from the portal.
 *
 * @throws {StripeApiError} 400 for a subscription that is not set to cancel, or if the portal doesn't offer it.
 */
export function resumeInPortal(account: Account, session: PortalSessionRow, id: string): void {
  const subscription = ownSubscription(account, session, id)
  if (!canResume(account, session, subscription)) throw notAllowed()
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
  const confirmed = itemsToConfirm(session, subscription)
  const offered = offeredPrices(account, session, subscription).some(({ id: each }) => each === price)
  if (!confirmed && !offered) throw notAllowed()
  if (!confirmed && session.flow && !isIn(session.flow, 'subscription_update', id)) throw notAllowed()
  const items =
    confirmed ??
    subscription.items.map(({ id: item, price: old, quantity, metadata }, index) => ({
      ...{ id: item, price: index === 0 ? price : old, quantity, metadata },
    }))
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

/** The items that the session's flow asks to confirm; null if it asks for nothing of this subscription. */
export function itemsToConfirm({ flow }: PortalSessionRow, { id, items }: SubscriptionRow): ItemChange[] | null {
  if (!flow || !isIn(flow, 'subscription_update_confirm', id)) return null
  return items.map(({ id: item, price, quantity, metadata }) => {
    const wanted = flow.items.find((each) => each.id === item)
    return { id: item, price: wanted?.price ?? price, quantity: wanted?.quantity ?? quantity, metadata }
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
  const { flow } = session
  if (flow ? flow.type !== 'payment_method_update' : !featuresOfSession(account, session).payment_method_update)
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

/** Whether a flow is for this step of this subscription. */
const isIn = (flow: PortalFlow, type: PortalFlow['type'], id: string): boolean =>
  flow.type === type && flow.subscription === id

const isEnding = ({ cancel_at, cancel_at_period_end }: SubscriptionRow): boolean =>
  cancel_at !== null || cancel_at_period_end

function absolute(account: Account, path: string): string {
  return new URL(path, account.publicUrl).href
}

function notAllowed(): Error {
  return invalidRequest('This is not available here.')
}
