import Stripe from 'stripe'
import { PaymentProviderError } from '../../../billing.errors.ts'
import { CodeNotValid } from '../../../discount.errors.ts'

/** Why Stripe refused to redeem a coupon or a promotion code that was found a moment before. */
export function refusedCode(error: Stripe.errors.StripeInvalidRequestError): CodeNotValid {
  if (/prior transactions/.test(error.message)) return new CodeNotValid('first-time', { cause: error })
  return new CodeNotValid('ended', { cause: error })
}

/** For `catch`: CodeNotValid if Stripe refuses the coupon or the promotion code. */
export function orRefused(error: unknown): never {
  const cause = error instanceof PaymentProviderError ? error.cause : undefined
  const isRefused = cause instanceof Stripe.errors.StripeInvalidRequestError && cause.param?.startsWith('discounts')
  throw isRefused ? refusedCode(cause) : error
}
