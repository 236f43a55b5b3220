import Stripe from 'stripe'
import { PaymentProviderError } from '../../../billing.errors.ts'
import { CodeNotValid } from '../../../discount.errors.ts'

/** Stripe's codes for a promotion code that is only for a first purchase. */
const FIRST_TIME = new Set(['promotion_code_customer_not_first_time', 'promotion_code_customer_missing_first_time'])

/**
 * Why Stripe refused to redeem a coupon or a promotion code that was found a moment before. Its sentences count only if it
 * sends no code, because they may change.
 */
export function refusedCode(error: Stripe.errors.StripeInvalidRequestError): CodeNotValid {
  const isFirstTime = error.code ? FIRST_TIME.has(error.code) : /prior transactions/i.test(error.message)
  return new CodeNotValid(isFirstTime ? 'first-time' : 'ended', { cause: error })
}

/** For `catch`: CodeNotValid if Stripe refuses the coupon or the promotion code. */
export function orRefused(error: unknown): never {
  const cause = error instanceof PaymentProviderError ? error.cause : undefined
  throw cause instanceof Stripe.errors.StripeInvalidRequestError && isAboutCode(cause) ? refusedCode(cause) : error
}

/**
 * Whether Stripe refuses a coupon or a promotion code, and nothing else. The parameter is `discounts[0][promotion_code]`,
 * or the same in a phase of a schedule.
 */
export function isAboutCode({ code, param }: Stripe.errors.StripeInvalidRequestError): boolean {
  return /^(?:promotion_code|coupon)_/.test(code ?? '') || /(?:^|\[)discounts(?:\[|\]|$)/.test(param ?? '')
}
