import { collect } from '../billing/collection.ts'
import { followPayment } from '../billing/follow-payment.ts'
import { resumeCheckout } from '../checkout/submit-checkout.ts'
import { emit } from '../events/emit.ts'
import { chargeCard, failIntent } from '../payments/charge-card.ts'
import { attachPaymentMethod } from '../payments/payment-methods.ts'
import { serializeSetupIntent } from '../resources/setup-intent.ts'
import type { Account } from '../state/account.ts'
import type { Decline } from '../state/rows/payment.ts'

const REFUSED: Decline = {
  code: 'payment_intent_authentication_failure',
  decline_code: null,
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
}

/** Completes or fails the payment or setup that is waiting for the cardholder's answer to their bank. */
export function answerAuthentication(
  account: Account,
  id: string,
  yes: boolean,
): { kind: 'complete' } | { kind: 'declined'; decline: Decline } {
  const setup = account.setupIntents.find(id)
  const payment = account.paymentIntents.find(id)
  const session = setup?.session ?? payment?.session ?? null
  if (session !== null) {
    const outcome = resumeCheckout(account, session, yes)
    return outcome.kind === 'authenticate'
      ? { kind: 'declined', decline: REFUSED }
      : outcome.kind === 'complete'
        ? { kind: 'complete' }
        : outcome
  }
  if (setup) {
    if (yes && setup.payment_method !== null) {
      account.paymentMethods.patch(setup.payment_method, { authenticated: true })
      if (setup.customer !== null) attachPaymentMethod(account, setup.payment_method, setup.customer)
    }
    const row = account.setupIntents.patch(
      id,
      yes
        ? { status: 'succeeded' }
        : { status: 'requires_payment_method', last_error: { ...REFUSED, payment_method: setup.payment_method } },
    )
    emit(account, yes ? 'setup_intent.succeeded' : 'setup_intent.setup_failed', serializeSetupIntent(account, row))
    return yes ? { kind: 'complete' } : { kind: 'declined', decline: REFUSED }
  }
  if (!payment || payment.payment_method === null) return { kind: 'declined', decline: REFUSED }
  if (!yes) {
    failIntent(account, id, { ...REFUSED, payment_method: payment.payment_method, charge: null })
    return { kind: 'declined', decline: REFUSED }
  }
  if (payment.confirmation_method === 'manual') {
    account.paymentIntents.patch(id, { status: 'requires_confirmation', authenticated: true })
    return { kind: 'complete' }
  }
  const { customer, invoice, payment_method: paymentMethod, setup_future_usage } = payment
  const outcome =
    invoice === null
      ? chargeCard(account, id, paymentMethod, { authenticated: true })
      : collect(account, invoice, { automatic: false, paymentMethod, authenticated: true })
  if (invoice !== null) followPayment(account, invoice, outcome.kind)
  if (outcome.kind === 'succeeded' && customer !== null && setup_future_usage !== null)
    attachPaymentMethod(account, paymentMethod, customer)
  return outcome.kind === 'declined' ? outcome : { kind: 'complete' }
}
