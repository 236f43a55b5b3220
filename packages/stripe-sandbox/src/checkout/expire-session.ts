import { emit } from '../events/emit.ts'
import { randomText } from '../ids.ts'
import { cancelPaymentIntent } from '../payments/charge-card.ts'
import { serializeCheckoutSession } from '../resources/checkout-session.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { DAY, wallNow } from '../time.ts'

/** How long customers can come back to an expired session: https://docs.stripe.com/payments/checkout/abandoned-carts. */
const RECOVERABLE = 30 * DAY

/**
 * Expires an open session, so that it can no longer be paid. If it has started a subscription, the first invoice stays
 * open, and its payment no longer completes the session.
 */
export function expireSession(account: Account, id: string): CheckoutSessionRow {
  const open = account.checkoutSessions.get(id)
  const row = account.checkoutSessions.patch(id, {
    status: 'expired',
    ...(open.recovery && {
      recovery: { ...open.recovery, expires_at: wallNow() + RECOVERABLE, token: randomText(24) },
    }),
  })
  emit(account, 'checkout.session.expired', serializeCheckoutSession(account, row))
  if (open.payment_intent !== null && account.paymentIntents.get(open.payment_intent).status !== 'succeeded') {
    cancelPaymentIntent(account, open.payment_intent, 'automatic')
  }
  if (open.started !== undefined && open.attempt?.payment_intent != null)
    account.paymentIntents.patch(open.attempt.payment_intent, { session: null })
  return row
}
