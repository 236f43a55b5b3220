import type Stripe from 'stripe'
import { shippingAmounts } from '../amounts/shipping-amounts.ts'
import type { Account } from '../state/account.ts'
import type { PaymentLinkRow } from '../state/rows/payment-link.ts'
import type { Wire } from '../wire.ts'
import { serializeInvoiceCreation, serializeOptionalItem } from './checkout-session.ts'

/** Whether a link sells subscriptions. */
export function isSubscription(account: Account, { lines }: Pick<PaymentLinkRow, 'lines'>): boolean {
  return lines.some(({ price }) => account.prices.get(price).recurring !== null)
}

export function serializePaymentLink(account: Account, row: PaymentLinkRow): Wire<Stripe.PaymentLink> {
  const { completed, created: _created, limit, lines: _lines, token, after_completion: after, ...rest } = row
  const { optional_items, shipping_countries, shipping_rates = [], tax_id_collection, ...shown } = rest
  const subscribes = isSubscription(account, row)
  const {
    capture_method = null,
    description = null,
    metadata = {},
    setup_future_usage = null,
    shown: texts,
  } = row.payment_intent_data
  const { missing_payment_method, trial_period_days, ...subscription } = row.subscription_data
  return {
    ...shown,
    object: 'payment_link',
    after_completion:
      after.type === 'redirect'
        ? { redirect: { url: after.url }, type: 'redirect' }
        : { hosted_confirmation: { custom_message: after.custom_message }, type: 'hosted_confirmation' },
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: row.automatic_tax
      ? { enabled: true, liability: { type: 'self' } }
      : { enabled: false, liability: null },
    consent_collection: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    invoice_creation: subscribes ? null : serializeInvoiceCreation(row),
    livemode: false,
    managed_payments: null,
    on_behalf_of: null,
    ...(optional_items && { optional_items: optional_items.map(serializeOptionalItem) }),
    payment_intent_data: subscribes
      ? null
      : {
          capture_method: capture_method === 'automatic' ? null : capture_method,
          description,
          metadata,
          setup_future_usage,
          statement_descriptor: null,
          statement_descriptor_suffix: null,
          transfer_group: null,
          ...texts,
        },
    payment_method_options: null,
    payment_method_types: null,
    phone_number_collection: { enabled: false },
    restrictions: limit === null ? null : { completed_sessions: { count: completed, limit } },
    shipping_address_collection: shipping_countries ? { allowed_countries: shipping_countries } : null,
    shipping_options: shipping_rates.map((rate) => ({
      shipping_amount: shippingAmounts(account, rate, { currency: row.currency }).subtotal,
      shipping_rate: rate,
    })),
    submit_type: 'auto',
    subscription_data: subscribes
      ? {
          ...subscription,
          invoice_settings: {
            account_tax_ids: null,
            custom_fields: null,
            description: null,
            footer: null,
            issuer: { type: 'self' },
          },
          trial_period_days,
          trial_settings: trial_period_days === null ? null : { end_behavior: { missing_payment_method } },
        }
      : null,
    tax_id_collection: tax_id_collection ?? { enabled: false, required: 'never' },
    transfer_data: null,
    url: `${account.publicUrl}/b/${token}`,
  }
}
