import { currencyCode } from '../../http/currency-params.ts'
import { PAGE, UNMATCHED } from '../../http/list.ts'
import {
  boolean,
  email,
  hash,
  integer,
  list,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
  timestamp,
} from '../../http/params.ts'
import { INLINE_PRODUCT } from '../catalogue/inline-product.ts'
import { PRICE_DATA } from '../catalogue/price-params.ts'
import { SHIPPING_OPTION } from '../catalogue/shipping-rates.ts'
import { ADDRESS } from '../customers/customer-fields.ts'
import { INVOICE_SETTINGS } from '../invoices/invoice-settings.ts'
import {
  BILLING_CYCLE_ANCHOR_CONFIG,
  BILLING_MODE,
  PENDING_INTERVAL,
  TRIAL_SETTINGS,
} from '../subscriptions/subscription-params.ts'
import { AUTOMATIC_TAX, TAX_RATES } from '../tax-params.ts'

export const ADJUSTABLE_QUANTITY = hash({
  enabled: required(boolean()),
  maximum: integer({ min: 0, max: 999_999 }),
  minimum: integer({ min: 0, max: 999_999 }),
})

/** What a session or a payment link sells. */
export const LINE = {
  adjustable_quantity: ADJUSTABLE_QUANTITY,
  price: string(),
  price_data: hash({ ...PRICE_DATA, product: string(), product_data: hash(INLINE_PRODUCT) }),
  quantity: integer({ min: 1, max: 999_999 }),
  tax_rates: TAX_RATES,
}
export const LINE_ITEM = hash(LINE)
/** Something that the customer can add to their order. */
export const OPTIONAL_ITEM = hash({
  adjustable_quantity: ADJUSTABLE_QUANTITY,
  price: required(string()),
  quantity: required(integer({ min: 1, max: 999_999 })),
})

/** The countries that the page offers for shipping. */
export const SHIPPING_ADDRESS_COLLECTION = hash({ allowed_countries: required(list(string(), { max: 300 })) })

/** Whether a payment gets an invoice, and what it says. */
export const INVOICE_CREATION = hash({
  enabled: required(boolean()),
  invoice_data: hash({ ...INVOICE_SETTINGS, metadata: metadata() }),
})

/** What the payment of a payment link shows. */
export const LINK_INTENT_DATA = {
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: string(),
  metadata: metadata(),
  setup_future_usage: oneOf('off_session', 'on_session'),
  statement_descriptor: string({ max: 22 }),
  statement_descriptor_suffix: string({ max: 22 }),
  transfer_group: string(),
}
/** What the payment of a session shows. */
const PAYMENT_INTENT_DATA = hash({
  ...LINK_INTENT_DATA,
  receipt_email: email(),
  shipping: hash({
    address: required(ADDRESS),
    carrier: string(),
    name: required(string()),
    phone: string(),
    tracking_number: string(),
  }),
})

/** Of the options of payment methods, only this one of cards has an effect. */
const METHOD_OPTIONS = hash({ card: hash({ capture_method: oneOf('manual') }) })

export const CREATE = hash({
  mode: required(oneOf('payment', 'setup', 'subscription')),
  after_expiration: hash({ recovery: hash({ allow_promotion_codes: boolean(), enabled: required(boolean()) }) }),
  allow_promotion_codes: boolean(),
  automatic_tax: AUTOMATIC_TAX,
  billing_address_collection: oneOf('auto', 'required'),
  cancel_url: string(),
  client_reference_id: string({ max: 200 }),
  currency: currencyCode(),
  customer: string(),
  customer_creation: oneOf('always', 'if_required'),
  customer_email: email({ max: 800 }),
  customer_update: hash({
    address: oneOf('auto', 'never'),
    name: oneOf('auto', 'never'),
    shipping: oneOf('auto', 'never'),
  }),
  discounts: list(hash({ coupon: string(), promotion_code: string() }), { max: 1 }),
  expires_at: timestamp(),
  invoice_creation: INVOICE_CREATION,
  line_items: list(LINE_ITEM),
  locale: string(),
  metadata: metadata(),
  optional_items: list(OPTIONAL_ITEM, { max: 10 }),
  payment_intent_data: PAYMENT_INTENT_DATA,
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_options: METHOD_OPTIONS,
  allowed_payment_method_types: list(string()),
  redirect_on_completion: oneOf('always', 'if_required', 'never'),
  return_url: string(),
  shipping_address_collection: SHIPPING_ADDRESS_COLLECTION,
  shipping_options: list(SHIPPING_OPTION, { max: 5 }),
  setup_intent_data: hash({ description: string({ max: 1000 }), metadata: metadata() }),
  subscription_data: hash({
    billing_cycle_anchor: timestamp(),
    billing_cycle_anchor_config: BILLING_CYCLE_ANCHOR_CONFIG,
    billing_mode: BILLING_MODE,
    default_tax_rates: TAX_RATES,
    description: string({ max: 500 }),
    metadata: metadata(),
    pending_invoice_item_interval: PENDING_INTERVAL,
    proration_behavior: oneOf('create_prorations', 'none'),
    trial_end: timestamp(),
    trial_period_days: integer({ min: 1, max: 730 }),
    trial_settings: TRIAL_SETTINGS,
  }),
  success_url: string(),
  tax_id_collection: hash({ enabled: required(boolean()), required: oneOf('if_supported', 'never') }),
  ui_mode: oneOf('hosted_page', 'embedded_page', 'elements', 'form', 'hosted'),
})
export const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  created: timeRange(),
  customer: string(),
  payment_intent: string(),
  payment_link: string(),
  status: oneOf('complete', 'expired', 'open'),
  subscription: string(),
  customer_details: hash({ email: required(string()) }),
})
