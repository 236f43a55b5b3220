import { emit } from '../events/emit.ts'
import { resourceMissing } from '../http/errors.ts'
import { chargeCard, createPaymentIntent, failIntent, foresee } from '../payments/charge-card.ts'
import { attachPaymentMethod, checkUsableBy } from '../payments/payment-methods.ts'
import { DECLINES } from '../payments/test-cards.ts'
import { keepFields } from '../resources/echoes.ts'
import { serializePaymentIntent } from '../resources/payment-intent.ts'
import { insertSetupIntent, serializeSetupIntent } from '../resources/setup-intent.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { Decline } from '../state/rows/payment.ts'
import { completeSession, type CheckoutOutcome, type Submission } from './complete-session.ts'
import { dueToday } from './due-today.ts'
import { withFirstShare } from './first-share.ts'
import { invoicePurchase } from './invoice-purchase.ts'
import { redeemForSession } from './session-discounts.ts'
import { customerOf } from './session-taxes.ts'
import { shipCustomer, shipPayment } from './ship-order.ts'
import { startSubscription } from './start-subscription.ts'
import { subscribeFirst } from './subscribe-first.ts'

/**
 * Pays an open session with a card. Only a successful payment creates a customer, a subscription and an invoice. A
 * declined payment leaves the session open and creates only its payment intent.
 *
 * @throws {StripeApiError} 400 if the session's customer was deleted.
 * @throws {StripeApiError} 400 if the card is attached to another customer, or was detached from one.
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade
 */
export function submitCheckout(account: Account, id: string, submission: Submission): CheckoutOutcome {
  const session = withFirstShare(account, account.checkoutSessions.get(id))
  if (session.customer !== null && account.customers.get(session.customer).deleted)
    throw resourceMissing('customer', session.customer, { param: 'customer' })
  if (submission.paymentMethod !== null)
    checkUsableBy(account.paymentMethods.get(submission.paymentMethod), session.customer)
  if (submission.paymentMethod !== null && startsUnpaid(account, session))
    return subscribeFirst(
      account,
      session,
      { ...submission, paymentMethod: submission.paymentMethod },
      { authenticated: false },
    )
  const due = dueToday(account, session)
  const { paymentMethod } = submission
  if (paymentMethod === null) return complete(account, session, submission, { authenticated: false })

  const method = account.paymentMethods.get(paymentMethod)
  if (method.behaviour.attach) return decline(account, session, paymentMethod, DECLINES[method.behaviour.attach], due)
  const foreseen = foresee(account, method, { customer: session.customer, authenticated: false })
  if (due > 0 && foreseen.kind === 'declined') return decline(account, session, paymentMethod, foreseen.decline, due)
  // `once` and `always` cards must be authenticated before they are saved, even if nothing is due today.
  if (method.behaviour.authentication !== 'never' && !method.authenticated)
    return askHolder(account, session, submission, due)
  return complete(account, session, submission, { authenticated: false })
}

/** Continues a checkout after the cardholder's answer on the authentication page. */
export function resumeCheckout(account: Account, id: string, authenticated: boolean): CheckoutOutcome {
  const session = withFirstShare(account, account.checkoutSessions.get(id))
  const { attempt } = session
  if (!attempt) return { kind: 'declined', decline: DECLINES.authentication_required }
  if (authenticated) {
    const submission = { email: attempt.email, name: attempt.name, paymentMethod: attempt.payment_method }
    return (startsUnpaid(account, session) ? subscribeFirst : complete)(account, session, submission, { authenticated })
  }
  const failure: Decline = {
    code: 'payment_intent_authentication_failure',
    decline_code: null,
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  }
  if (attempt.payment_intent !== null)
    failIntent(account, attempt.payment_intent, { ...failure, payment_method: attempt.payment_method, charge: null })
  if (attempt.setup_intent !== null) {
    const row = account.setupIntents.patch(attempt.setup_intent, {
      status: 'requires_payment_method',
      last_error: { ...failure, code: 'setup_intent_authentication_failure', payment_method: attempt.payment_method },
    })
    emit(account, 'setup_intent.setup_failed', serializeSetupIntent(account, row))
  }
  return { kind: 'declined', decline: failure }
}

function complete(
  account: Account,
  session: CheckoutSessionRow,
  submission: Submission,
  { authenticated }: { authenticated: boolean },
): CheckoutOutcome {
  const due = dueToday(account, session)
  const customer = session.customer !== null || needsCustomer(session) ? customerOf(account, session, submission) : null
  if (customer !== null) shipCustomer(account, session, customer)
  const { paymentMethod } = submission
  if (paymentMethod !== null) {
    if (customer !== null && isSaved(session)) attachPaymentMethod(account, paymentMethod, customer)
    if (authenticated) account.paymentMethods.patch(paymentMethod, { authenticated: true })
  }

  let paidWith: string | null = null
  if (paymentMethod !== null && due > 0) {
    paidWith = intentFor(account, session, due, customer)
    const outcome = chargeCard(account, paidWith, paymentMethod, { authenticated: true })
    if (outcome.kind === 'declined') return outcome
  } else if (paymentMethod !== null) {
    succeedSetup(account, session, customer, paymentMethod)
  }

  const bought = deliver(account, session, { customer, paymentMethod, paidWith })
  const held = paidWith !== null && account.paymentIntents.get(paidWith).status === 'requires_capture'
  const payment_status = held ? 'unpaid' : due > 0 ? 'paid' : 'no_payment_required'
  const paid = { ...bought, customer, payment_intent: paidWith, payment_status } as const
  return { kind: 'complete', session: completeSession(account, session, paid, submission) }
}

/** Whether a session's subscription begins before it is paid. A trial has nothing to pay. */
function startsUnpaid(account: Account, session: CheckoutSessionRow): boolean {
  if (session.started !== undefined) return true
  const { trial_end, trial_period_days } = session.subscription_data
  return (
    session.subscribesFirst === true &&
    trial_end === null &&
    trial_period_days === null &&
    dueToday(account, session) > 0
  )
}

/** Whether a session creates a customer. Otherwise it has a guest. */
function needsCustomer(session: CheckoutSessionRow): boolean {
  return session.mode === 'subscription' || session.customer_creation === 'always' || isSavedByPayment(session)
}

/** Whether the card is kept for later payments of the customer. */
const isSaved = (session: CheckoutSessionRow): boolean => session.mode !== 'payment' || isSavedByPayment(session)
const isSavedByPayment = ({ payment_intent_data }: CheckoutSessionRow): boolean =>
  (payment_intent_data.setup_future_usage ?? null) !== null

/** Creates what the customer has bought. */
function deliver(
  account: Account,
  session: CheckoutSessionRow,
  {
    customer,
    paymentMethod,
    paidWith,
  }: { customer: string | null; paymentMethod: string | null; paidWith: string | null },
): { subscription: string | null; invoice: string | null } {
  if (session.mode === 'subscription' && customer !== null) {
    const { id, latest_invoice } = startSubscription(account, session, { customer, paymentMethod, paidWith })
    return { subscription: id, invoice: latest_invoice }
  }
  if (session.mode === 'setup') return { subscription: null, invoice: null }
  const discounts = redeemForSession(account, session, customer ?? '', { checkout_session: session.id })
  const invoice = customer === null ? null : invoicePurchase(account, session, { customer, discounts, paidWith })
  return { subscription: null, invoice }
}

/** The one payment intent for all attempts of a session. The amount due may have changed between them. */
function intentFor(account: Account, session: CheckoutSessionRow, amount: number, customer: string | null): string {
  const known = account.checkoutSessions.get(session.id).payment_intent
  if (known !== null) {
    account.paymentIntents.patch(known, { customer, amount })
    shipPayment(account, session, known)
    return known
  }
  const { shown = {}, ...data } = session.payment_intent_data
  const { id } = createPaymentIntent(account, {
    amount,
    currency: session.currency ?? 'usd',
    customer,
    session: session.id,
    ...(session.mode === 'subscription'
      ? { description: 'Subscription creation', setup_future_usage: 'off_session' as const }
      : data),
  })
  account.checkoutSessions.patch(session.id, { payment_intent: id })
  if (Object.keys(shown).length > 0) keepFields(account, id, shown)
  shipPayment(account, session, id)
  return id
}

function decline(
  account: Account,
  session: CheckoutSessionRow,
  paymentMethod: string,
  reason: Decline,
  due: number,
): CheckoutOutcome {
  if (due > 0) chargeCard(account, intentFor(account, session, due, session.customer), paymentMethod)
  return { kind: 'declined', decline: reason }
}

function askHolder(
  account: Account,
  session: CheckoutSessionRow,
  { email, name, paymentMethod }: Submission,
  due: number,
): CheckoutOutcome {
  const payment_method = paymentMethod ?? ''
  if (due > 0) {
    const payment_intent = intentFor(account, session, due, session.customer)
    const row = account.paymentIntents.patch(payment_intent, {
      status: 'requires_action',
      payment_method,
      last_error: null,
    })
    emit(account, 'payment_intent.requires_action', serializePaymentIntent(account, row))
    account.checkoutSessions.patch(session.id, {
      attempt: { payment_intent, setup_intent: null, payment_method, email, name },
    })
    return { kind: 'authenticate', intent: payment_intent }
  }
  const setup_intent = setupFor(account, session, session.customer)
  const row = account.setupIntents.patch(setup_intent, { status: 'requires_action', payment_method })
  emit(account, 'setup_intent.requires_action', serializeSetupIntent(account, row))
  account.checkoutSessions.patch(session.id, {
    attempt: { payment_intent: null, setup_intent, payment_method, email, name },
  })
  return { kind: 'authenticate', intent: setup_intent }
}

function setupFor(account: Account, session: CheckoutSessionRow, customer: string | null): string {
  const known = account.checkoutSessions.get(session.id).setup_intent
  if (known !== null) return known
  const row = insertSetupIntent(account, {
    customer,
    payment_method: null,
    status: 'requires_payment_method',
    session: session.id,
  })
  emit(account, 'setup_intent.created', serializeSetupIntent(account, row))
  account.checkoutSessions.patch(session.id, { setup_intent: row.id })
  return row.id
}

function succeedSetup(
  account: Account,
  session: CheckoutSessionRow,
  customer: string | null,
  payment_method: string,
): void {
  const row = account.setupIntents.patch(setupFor(account, session, customer), {
    status: 'succeeded',
    customer,
    payment_method,
    last_error: null,
  })
  emit(account, 'setup_intent.succeeded', serializeSetupIntent(account, row))
}
