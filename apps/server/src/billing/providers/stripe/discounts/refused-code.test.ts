import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { PaymentProviderError } from '../../../billing.errors.ts'
import { orRefused, refusedCode } from './refused-code.ts'

const PRIOR = 'This promotion code cannot be redeemed because the associated customer has prior transactions.'
const OTHER = 'Ce code promo est réservé.'

function refusal(error: { code?: string; message?: string; param?: string }) {
  return new Stripe.errors.StripeInvalidRequestError({ type: 'invalid_request_error', message: OTHER, ...error })
}

describe('why Stripe refuses a promotion code', () => {
  test.each([
    ['from its code', { code: 'promotion_code_customer_not_first_time' }, /only for a first purchase/],
    ['from its code, without a customer', { code: 'promotion_code_customer_missing_first_time' }, /only for a first/],
    ['from its sentence, without a code', { message: PRIOR }, /only for a first purchase/],
    ['from its code and not its sentence', { code: 'coupon_expired', message: PRIOR }, /expired or was used up/],
    ['as ended, whatever else it says', { code: 'something_new' }, /expired or was used up/],
    ['as ended, without a code', { message: 'This promotion code is inactive.' }, /expired or was used up/],
  ])('is read %s', (_how, error, message) => {
    expect(refusedCode(refusal(error)).message).toMatch(message)
  })

  test.each([
    [{ param: 'discounts[0][promotion_code]' }, true],
    [{ param: 'discounts' }, true],
    [{ param: 'phases[1][discounts][0][promotion_code]' }, true],
    [{ code: 'coupon_expired' }, true],
    [{ code: 'promotion_code_customer_not_first_time' }, true],
    [{ param: 'items[0][price]', message: PRIOR }, false],
    [{ code: 'resource_missing', param: 'id' }, false],
  ])('%j is about one: %s', (error, isAboutOne) => {
    const failure = new PaymentProviderError({ cause: refusal(error) })
    expect(() => orRefused(failure)).toThrow(
      isAboutOne ? expect.objectContaining({ reason: 'CODE_NOT_VALID' }) : failure,
    )
  })
})
