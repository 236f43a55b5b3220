import { collect } from '../billing/collection.ts'
import { followPayment } from '../billing/follow-payment.ts'
import { defaultPayment } from '../billing/invoicing.ts'
import { attachPaymentMethod } from '../payments/payment-methods.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { completeSession, type CheckoutOutcome, type Submission } from './complete-session.ts'
import { customerOf } from './session-taxes.ts'
import { shipCustomer } from './ship-order.ts'
import { startSubscription } from './start-subscription.ts'

/**
 * Pays a session of a version before `2025-03-31.basil`. Its subscription and invoice exist from the first attempt on:
 * `incomplete` and open until they are paid. The session shows them.
 *
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade
 */
export function subscribeFirst(
  account: Account,
  session: CheckoutSessionRow,
  { email, name, paymentMethod }: Submission & { readonly paymentMethod: string },
  { authenticated }: { authenticated: boolean },
): CheckoutOutcome {
  const { customer, id, latest_invoice } = startedSubscription(account, session, { email, name, paymentMethod })
  const invoice = latest_invoice === null ? undefined : account.invoices.get(latest_invoice)
  if (invoice?.status === 'open') {
    const { payment_intent } = defaultPayment(account, invoice.id)
    account.paymentIntents.patch(payment_intent, { session: session.id })
    const attempt = { payment_intent, setup_intent: null, payment_method: paymentMethod, email, name }
    account.checkoutSessions.patch(session.id, { attempt })
    const outcome = collect(account, invoice.id, { automatic: false, paymentMethod, authenticated })
    if (outcome.kind === 'succeeded') {
      attachPaymentMethod(account, paymentMethod, customer)
      account.subscriptions.patch(id, { default_payment_method: paymentMethod })
    }
    followPayment(account, invoice.id, outcome.kind)
    if (outcome.kind === 'requires_action') return { kind: 'authenticate', intent: payment_intent }
    if (outcome.kind === 'declined') return outcome
  }
  const bought = { customer, subscription: id, invoice: latest_invoice, payment_intent: null }
  const paid = completeSession(account, session, { ...bought, payment_status: 'paid' }, { email, name })
  return { kind: 'complete', session: paid }
}

/** The subscription of an earlier attempt, or a new one. After the first attempt, the order can't change any more. */
function startedSubscription(account: Account, session: CheckoutSessionRow, submission: Submission): SubscriptionRow {
  const known = session.started === undefined ? undefined : account.subscriptions.get(session.started)
  if (known?.ended_at === null && known.status !== 'incomplete_expired') return known
  const customer = known?.customer ?? customerOf(account, session, submission)
  shipCustomer(account, session, customer)
  const terms = { customer, paymentMethod: null, paidWith: null, paymentBehavior: 'default_incomplete' as const }
  const { id } = startSubscription(account, session, terms)
  const { latest_invoice } = account.subscriptions.get(id)
  account.checkoutSessions.patch(session.id, { invoice: latest_invoice, started: id, subscription: id })
  return account.subscriptions.get(id)
}

/** A session as its page offers it: after such an attempt, its order, its discounts and its address are settled. */
export function asOffered(session: CheckoutSessionRow): CheckoutSessionRow {
  if (session.started === undefined) return session
  const {
    customer_update: _update,
    optional_items: _items,
    shipping_countries: _countries,
    shipping_rates: _rates,
    tax_id_collection: _taxIds,
    ...settled
  } = session
  return {
    ...settled,
    allow_promotion_codes: null,
    lines: session.lines.map(({ adjustable: _adjustable, ...line }) => line),
  }
}
