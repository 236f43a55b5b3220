import { invalidRequest, StripeApiError } from '../http/errors.ts'
import { serializePaymentIntent } from '../resources/payment-intent.ts'
import type { Account } from '../state/account.ts'
import type { CollectionOutcome } from './collection.ts'
import { defaultPayment } from './invoicing.ts'

/** 400: there is no card to charge. */
export function noPaymentMethod(): StripeApiError {
  return invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    { code: 'resource_missing' },
  )
}

/** 402: an invoice's payment failed or requires authentication. */
export function paymentFailed(account: Account, invoiceId: string, outcome: CollectionOutcome): StripeApiError {
  const { payment_intent: id } = defaultPayment(account, invoiceId)
  const payment_intent = serializePaymentIntent(account, account.paymentIntents.get(id))
  if (outcome.kind === 'declined') {
    const { code, decline_code, message } = outcome.decline
    return new StripeApiError(402, {
      type: 'card_error',
      code,
      ...(decline_code !== null && { decline_code }),
      message,
      payment_intent,
    })
  }
  return new StripeApiError(402, {
    type: 'card_error',
    code: 'subscription_payment_intent_requires_action',
    message:
      'Payment for this subscription requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with subscription.latest_invoice.',
    payment_intent,
  })
}
