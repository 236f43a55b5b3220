import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { ConfirmationTokenRow } from '../state/rows/confirmation-token.ts'
import type { Wire } from '../wire.ts'
import { serializePaymentMethod } from './payment-method.ts'

export function serializeConfirmationToken(
  account: Account,
  { method, ...shown }: ConfirmationTokenRow,
): Wire<Stripe.ConfirmationToken> {
  const { allow_redisplay, billing_details, card, customer } = serializePaymentMethod(
    account.paymentMethods.get(method),
  )
  return {
    ...shown,
    object: 'confirmation_token',
    livemode: false,
    payment_method_options: null,
    payment_method_preview: {
      ...(allow_redisplay && { allow_redisplay }),
      billing_details,
      ...(card && { card }),
      customer,
      customer_account: null,
      type: 'card',
    },
    use_stripe_sdk: true,
  }
}
