import { newId, randomText } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { DAY, wallNow } from '../time.ts'

type Given = Pick<CheckoutSessionRow, 'currency' | 'lines' | 'mode' | 'success_url'> & Partial<CheckoutSessionRow>

/** Opens a checkout session for a day, with Stripe's defaults for the fields that are not given. */
export function openSession(account: Account, given: Given): CheckoutSessionRow {
  const created = wallNow()
  const id = newId('cs_test', 58)
  const { ui_mode = 'hosted_page', shipping_rates: [shipping_rate] = [] } = given
  return account.checkoutSessions.insert({
    id,
    created,
    expires_at: created + DAY,
    status: 'open',
    payment_status: 'unpaid',
    allow_promotion_codes: null,
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: null,
    customer: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    invoice: null,
    invoice_creation: null,
    locale: null,
    metadata: {},
    payment_intent: null,
    payment_intent_data: {},
    payment_method_collection: given.mode === 'payment' ? 'if_required' : 'always',
    setup_intent: null,
    // The first one is chosen until the customer chooses another.
    ...(shipping_rate !== undefined && { shipping_rate }),
    subscription: null,
    subscription_data: {
      billing_cycle_anchor: null,
      billing_mode: 'flexible',
      default_tax_rates: [],
      description: null,
      metadata: {},
      missing_payment_method: 'create_invoice',
      trial_end: null,
      trial_period_days: null,
    },
    ui_mode,
    client_secret: ui_mode === 'hosted_page' ? null : `${id}_secret_${randomText(32)}`,
    formToken: randomText(32),
    attempt: null,
    ...given,
  })
}
