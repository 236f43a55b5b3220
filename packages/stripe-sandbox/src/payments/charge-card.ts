import { emit } from '../events/emit.ts'
import { newId, randomText } from '../ids.ts'
import { CAPTURE_WITHIN, serializeCharge } from '../resources/charge.ts'
import { serializePaymentIntent } from '../resources/payment-intent.ts'
import type { Account } from '../state/account.ts'
import type { PaymentMethodRow } from '../state/rows/customer.ts'
import type { ChargeRow, Decline, PaymentIntentRow } from '../state/rows/payment.ts'
import { releasePayment } from './capture.ts'
import { openDispute } from './disputes.ts'
import { recordMovement } from './ledger.ts'
import { DECLINES } from './test-cards.ts'

export type ChargeOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'requires_action' }
  | { readonly kind: 'declined'; readonly decline: Decline }

export type NewPaymentIntent = Pick<PaymentIntentRow, 'amount' | 'currency' | 'customer'> & Partial<PaymentIntentRow>

/** Creates a payment intent that waits for a card. */
export function createPaymentIntent(account: Account, given: NewPaymentIntent): PaymentIntentRow {
  const id = newId('pi')
  const row = account.paymentIntents.insert({
    id,
    created: account.nowOf(given.customer),
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_before: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${randomText(24)}`,
    description: null,
    last_error: null,
    latest_charge: null,
    metadata: {},
    payment_method: null,
    setup_future_usage: null,
    status: 'requires_payment_method',
    return_url: null,
    invoice: null,
    session: null,
    ...given,
  })
  emit(account, 'payment_intent.created', serializePaymentIntent(account, row))
  return row
}

/** How a card's bank would answer a charge, without making one. */
export function foresee(
  account: Account,
  method: PaymentMethodRow,
  { customer, authenticated }: { customer: string | null; authenticated: boolean },
): ChargeOutcome {
  const { charge, authentication } = method.behaviour
  if (charge) return { kind: 'declined', decline: DECLINES[charge] }
  const switched = customer === null ? null : account.customers.get(customer).failCharges
  if (switched) return { kind: 'declined', decline: DECLINES[switched] }
  if (authenticated || authentication === 'never' || (authentication === 'once' && method.authenticated))
    return { kind: 'succeeded' }
  return { kind: 'requires_action' }
}

/**
 * Charges a payment intent to a card: records the charge, updates the intent and emits their events.
 *
 * @param options.authenticated whether the cardholder has just authenticated this payment.
 */
export function chargeCard(
  account: Account,
  intentId: string,
  methodId: string,
  { authenticated = false } = {},
): ChargeOutcome {
  const method = account.paymentMethods.get(methodId)
  const intent = account.paymentIntents.patch(intentId, { payment_method: methodId, last_error: null })
  const outcome = foresee(account, method, { customer: intent.customer, authenticated })

  if (outcome.kind === 'requires_action') {
    const waiting = account.paymentIntents.patch(intentId, { status: 'requires_action' })
    emit(account, 'payment_intent.requires_action', serializePaymentIntent(account, waiting))
    return outcome
  }

  const charge = recordCharge(account, intent, method, outcome.kind === 'declined' ? outcome.decline : null)
  if (outcome.kind === 'declined') {
    failIntent(account, intentId, { ...outcome.decline, payment_method: methodId, charge: charge.id })
    return outcome
  }

  const held = isHeld(intent)
  const paid = account.paymentIntents.patch(intentId, {
    ...(held
      ? {
          status: 'requires_capture',
          amount_capturable: intent.amount,
          capture_before: charge.created + CAPTURE_WITHIN,
        }
      : { status: 'succeeded', amount_received: intent.amount }),
    latest_charge: charge.id,
  })
  emit(
    account,
    held ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded',
    serializePaymentIntent(account, paid),
  )
  if (authenticated && method.behaviour.authentication === 'once')
    account.paymentMethods.patch(methodId, { authenticated: true })
  if (method.behaviour.disputed !== 'no')
    openDispute(account, charge.id, { reason: 'fraudulent', inquiry: method.behaviour.disputed === 'inquiry' })
  return outcome
}

/** Whether a payment is only authorized at first, and captured later. */
const isHeld = ({ capture_method, card_capture_method }: PaymentIntentRow): boolean =>
  (card_capture_method ?? capture_method) === 'manual'

/** Records why a payment intent failed, and makes it wait for a card again. */
export function failIntent(
  account: Account,
  id: string,
  error: NonNullable<PaymentIntentRow['last_error']>,
): PaymentIntentRow {
  const row = account.paymentIntents.patch(id, {
    status: 'requires_payment_method',
    payment_method: null,
    last_error: error,
    ...(error.charge !== null && { latest_charge: error.charge }),
  })
  emit(account, 'payment_intent.payment_failed', serializePaymentIntent(account, row))
  return row
}

/** Cancels a payment intent. If its payment is only authorized, the money is released. */
export function cancelPaymentIntent(account: Account, id: string, reason: string | null): PaymentIntentRow {
  const intent = account.paymentIntents.get(id)
  releasePayment(account, intent)
  const row = account.paymentIntents.patch(id, {
    status: 'canceled',
    amount_capturable: 0,
    capture_before: null,
    canceled_at: account.nowOf(intent.customer),
    cancellation_reason: reason,
  })
  emit(account, 'payment_intent.canceled', serializePaymentIntent(account, row))
  return row
}

function recordCharge(
  account: Account,
  intent: PaymentIntentRow,
  method: PaymentMethodRow,
  failure: Decline | null,
): ChargeRow {
  const id = newId('ch')
  const created = account.nowOf(intent.customer)
  const captured = failure === null && !isHeld(intent)
  const charge = account.charges.insert({
    id,
    created,
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: !captured
      ? null
      : recordMovement(account, {
          created,
          amount: intent.amount,
          currency: intent.currency,
          source: id,
          type: 'charge',
        }).id,
    captured,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure,
    metadata: intent.metadata,
    paid: failure === null,
    payment_intent: intent.id,
    payment_method: method.id,
    status: failure ? 'failed' : 'succeeded',
  })
  emit(account, failure ? 'charge.failed' : 'charge.succeeded', serializeCharge(account, charge))
  return charge
}
