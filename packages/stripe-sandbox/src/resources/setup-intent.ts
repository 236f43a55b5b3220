import type Stripe from 'stripe'
import { newId, randomText } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { SetupIntentRow } from '../state/rows/payment.ts'
import type { Wire } from '../wire.ts'
import { redirectToAuthentication, serializeLastError } from './intent.ts'

/** Inserts a setup intent, without an event. */
export function insertSetupIntent(
  account: Account,
  given: Pick<SetupIntentRow, 'customer' | 'payment_method' | 'status'> & Partial<SetupIntentRow>,
): SetupIntentRow {
  const id = newId('seti')
  return account.setupIntents.insert({
    id,
    created: account.nowOf(given.customer),
    client_secret: `${id}_secret_${randomText(24)}`,
    last_error: null,
    metadata: {},
    return_url: null,
    session: null,
    ...given,
  })
}

export function serializeSetupIntent(account: Account, row: SetupIntentRow): Wire<Stripe.SetupIntent> {
  const { last_error, return_url: _return, session: _session, ...shown } = row
  return {
    ...shown,
    object: 'setup_intent',
    allowed_payment_method_types: ['card'],
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    customer_account: null,
    description: row.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: last_error && serializeLastError(account, last_error),
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    next_action: row.status === 'requires_action' ? redirectToAuthentication(account, row) : null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    single_use_mandate: null,
    usage: 'off_session',
  }
}
