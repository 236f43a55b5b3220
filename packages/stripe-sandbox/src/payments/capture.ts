import { emit } from '../events/emit.ts'
import { invalidRequest } from '../http/errors.ts'
import { serializeCharge } from '../resources/charge.ts'
import { serializePaymentIntent } from '../resources/payment-intent.ts'
import type { Account } from '../state/account.ts'
import type { ChargeRow, PaymentIntentRow } from '../state/rows/payment.ts'
import { recordMovement } from './ledger.ts'

/**
 * Captures an authorized payment, in full or in part. What is not captured is released.
 *
 * @param amount by default everything.
 * @throws {StripeApiError} 400 if the payment isn't waiting for its capture, or for more than was authorized.
 * @see https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
 */
export function capturePayment(account: Account, intent: PaymentIntentRow, amount = intent.amount): PaymentIntentRow {
  const { latest_charge, status } = intent
  if (status !== 'requires_capture' || latest_charge === null)
    throw invalidRequest(
      `This PaymentIntent could not be captured because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { code: 'payment_intent_unexpected_state' },
    )
  if (amount > intent.amount)
    throw invalidRequest('The amount to capture is greater than the amount that was authorized.', {
      param: 'amount_to_capture',
      code: 'amount_too_large',
    })
  const { id: balance_transaction } = recordMovement(account, {
    created: account.nowOf(intent.customer),
    amount,
    currency: intent.currency,
    source: latest_charge,
    type: 'charge',
  })
  const charge = account.charges.patch(latest_charge, {
    amount_captured: amount,
    amount_refunded: intent.amount - amount,
    balance_transaction,
    captured: true,
  })
  const row = account.paymentIntents.patch(intent.id, {
    amount_capturable: 0,
    capture_before: null,
    amount_received: amount,
    status: 'succeeded',
  })
  emit(account, 'charge.captured', serializeCharge(account, charge), { captured: false, amount_captured: 0 })
  emit(account, 'payment_intent.succeeded', serializePaymentIntent(account, row))
  return row
}

/** Releases the authorized amount of a payment that is canceled or has waited too long for its capture. */
export function releasePayment(account: Account, { latest_charge }: PaymentIntentRow): ChargeRow | null {
  const charge = latest_charge === null ? undefined : account.charges.find(latest_charge)
  if (!charge?.paid || charge.captured) return null
  const row = account.charges.patch(charge.id, { amount_refunded: charge.amount })
  emit(account, 'charge.refunded', serializeCharge(account, row), { amount_refunded: 0, refunded: false })
  return row
}
