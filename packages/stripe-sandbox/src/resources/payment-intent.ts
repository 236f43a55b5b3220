import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { PaymentIntentRow } from '../state/rows/payment.ts'
import type { Wire } from '../wire.ts'
import { redirectToAuthentication, serializeLastError } from './intent.ts'

export function serializePaymentIntent(account: Account, row: PaymentIntentRow): Wire<Stripe.PaymentIntent> {
  const {
    authenticated: _authenticated,
    capture_before: _before,
    card_capture_method,
    invoice: _invoice,
    last_error,
    return_url: _return,
    session: _session,
    ...shown
  } = row
  return {
    ...shown,
    object: 'payment_intent',
    allowed_payment_method_types: ['card'],
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    cancellation_reason: row.cancellation_reason,
    confirmation_method: row.confirmation_method ?? 'automatic',
    customer_account: null,
    excluded_payment_method_types: null,
    last_payment_error: last_error && {
      ...serializeLastError(account, last_error),
      ...(last_error.charge !== null && { charge: last_error.charge }),
    },
    livemode: false,
    managed_payments: null,
    next_action: row.status === 'requires_action' ? redirectToAuthentication(account, row) : null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        ...(card_capture_method && { capture_method: card_capture_method }),
        ...{ installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
      },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  }
}
