import { invalidRequest } from '../../http/errors.ts'
import type { Account } from '../../state/account.ts'

/**
 * Refuses to change the intent of a checkout session that is open. Only its page does, and its expiry.
 *
 * @throws {StripeApiError} 400 for such an intent.
 * @see https://docs.stripe.com/api/payment_intents/cancel
 */
export function refuseOfCheckout(
  account: Account,
  { session }: { readonly session?: string | null },
  noun: 'PaymentIntents' | 'SetupIntents',
): void {
  if (session == null || account.checkoutSessions.find(session)?.status !== 'open') return
  throw invalidRequest(
    `You cannot perform this action on ${noun} created by Checkout. Try expiring the Checkout Session instead.`,
    { code: noun === 'PaymentIntents' ? 'payment_intent_unexpected_state' : 'setup_intent_unexpected_state' },
  )
}
