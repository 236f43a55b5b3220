import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { wallNow } from '../time.ts'
import { openSession } from './open-session.ts'

/**
 * Opens a copy of an expired session that a customer comes back to.
 *
 * @returns null for an unknown address, or one that has expired.
 * @see https://docs.stripe.com/payments/checkout/abandoned-carts
 */
export function recoverSession(account: Account, token: string): CheckoutSessionRow | null {
  const expired = account.checkoutSessions.all().find(({ recovery }) => recovery?.token === token)
  if (!expired?.recovery || (expired.recovery.expires_at ?? 0) <= wallNow()) return null
  const {
    attempt: _attempt,
    client_secret: _secret,
    created: _created,
    expires_at: _expires,
    formToken: _form,
    id,
    // The copy starts a subscription of its own, even if the expired session had started one.
    invoice: _invoice,
    payment_intent: _intent,
    recovery,
    setup_intent: _setup,
    started: _started,
    status: _status,
    subscription: _subscription,
    ...order
  } = expired
  return openSession(account, {
    ...order,
    allow_promotion_codes: recovery.allow_promotion_codes || order.allow_promotion_codes,
    lines: order.lines.map((line) => ({ ...line, id: newId('li') })),
    recovered_from: id,
  })
}
