import Stripe from 'stripe'
import { MINUTE } from '../../../platform/durations.ts'
import { PaymentProviderError } from '../../billing.errors.ts'
import type { ProviderAccount } from '../provider-account.ts'
import type { CallStripe } from './calls.ts'

/** How long to wait after a failure before Stripe is asked again. */
const PATIENCE = MINUTE

/**
 * Returns a function that asks Stripe once for the account of our key. Until it has answered, the account is unknown
 * (null). A restricted key may not be allowed to read it; then it stays unknown.
 *
 * @param calls starts a time budget.
 */
export function rememberAccount(calls: () => CallStripe, isLiveMode: boolean): () => Promise<ProviderAccount | null> {
  let asked: Promise<ProviderAccount | null> | undefined
  let askedAt = 0
  return async () => {
    if (asked && (await asked) === null && performance.now() - askedAt > PATIENCE) asked = undefined
    if (asked) return asked
    askedAt = performance.now()
    asked = calls()(async (stripe) => stripe.accounts.retrieveCurrent())
      .then(({ id }) => `${id}:${isLiveMode ? 'live' : 'test'}`)
      .catch((error: unknown) => {
        const cause = error instanceof PaymentProviderError ? error.cause : error
        if (cause instanceof Stripe.errors.StripePermissionError) askedAt = Number.POSITIVE_INFINITY
        return null
      })
    return asked
  }
}
