import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { PaymentIntentRow, SetupIntentRow } from '../state/rows/payment.ts'
import type { Wire } from '../wire.ts'
import { serializePaymentMethod } from './payment-method.ts'

/** The error of the last attempt, as payment intents and setup intents show it. */
export function serializeLastError(
  account: Account,
  { code, decline_code, message, payment_method }: NonNullable<SetupIntentRow['last_error']>,
): Wire<Stripe.SetupIntent.LastSetupError> {
  return {
    type: 'card_error',
    code,
    ...(decline_code !== null && { decline_code }),
    message,
    ...(payment_method !== null && {
      payment_method: serializePaymentMethod(account.paymentMethods.get(payment_method)),
    }),
  }
}

/** The next action of an intent whose card requires authentication. */
export function redirectToAuthentication(
  account: Account,
  { id, client_secret, return_url }: PaymentIntentRow | SetupIntentRow,
): Wire<Stripe.SetupIntent.NextAction> {
  return {
    type: 'redirect_to_url',
    redirect_to_url: { return_url, url: `${account.publicUrl}/authenticate/${id}?secret=${client_secret}` },
  }
}
