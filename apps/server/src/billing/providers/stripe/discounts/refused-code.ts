import type Stripe from 'stripe'
import { CodeNotValid } from '../../../discount.errors.ts'

/** Why Stripe refused to redeem a coupon or a promotion code that was found a moment before. */
export function refusedCode(error: Stripe.errors.StripeInvalidRequestError): CodeNotValid {
  if (/prior transactions/.test(error.message)) return new CodeNotValid('first-time', { cause: error })
  return new CodeNotValid('ended', { cause: error })
}
