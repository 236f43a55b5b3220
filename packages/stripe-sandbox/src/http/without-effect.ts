/** Whether a parameter has no effect with this value. */
type Harmless = (value: unknown) => boolean
type Names = Readonly<Record<string, Harmless>>

const always: Harmless = () => true
/** The account itself issues the invoice, and no other account has a part in it. */
const isOwn: Harmless = (value) =>
  isHash(value) && (value['issuer'] === undefined || (isHash(value['issuer']) && value['issuer']['type'] === 'self'))
/** Whether it is harmless whatever its value. */
export const isAlways = (harmless: Harmless): boolean => harmless === always

const all = (...names: readonly string[]): Names => Object.fromEntries(names.map((name) => [name, always]))

const METHOD_DATA = all(
  'payment_method_data.allow_redisplay',
  'payment_method_data.radar_options',
  'payment_method_data.billing_details.tax_id',
)
const PAYING: Names = {
  ...METHOD_DATA,
  ...all('excluded_payment_method_types', 'allowed_payment_method_types', 'payment_method_configuration'),
  ...all('payment_method_options.*', 'amount_details', 'hooks'),
  ...all('mandate_data', 'radar_options', 'use_stripe_sdk', 'error_on_requires_action', 'payment_details'),
  ...all('statement_descriptor', 'statement_descriptor_suffix', 'transfer_group', 'receipt_email', 'shipping'),
}

const CUSTOMER: Names = {
  ...all('business_name', 'individual_name', 'preferred_locales', 'validate'),
  ...all('invoice_settings.custom_fields', 'invoice_settings.footer', 'invoice_settings.rendering_options'),
}
const PRODUCT = all('marketing_features', 'package_dimensions', 'shippable', 'type')
const INVOICE: Names = {
  ...all('rendering', 'shipping_details', 'statement_descriptor', 'subscription_details.metadata'),
  ...all('payment_settings'),
}
const SUBSCRIPTION: Names = {
  ...all('payment_settings.payment_method_types', 'cancellation_details.feedback_option'),
  ...all('payment_settings.payment_method_options'),
}
const PORTAL: Names = {
  ...all('business_profile.privacy_policy_url', 'business_profile.terms_of_service_url'),
  ...all('features.subscription_cancel.cancellation_reason'),
  ...all('features.payment_method_update.payment_method_configuration'),
}
const PAYMENT_LINK: Names = {
  ...all('consent_collection', 'custom_fields', 'custom_text', 'name_collection', 'phone_number_collection'),
  ...all('payment_method_types', 'payment_method_options.*', 'submit_type'),
  ...all('invoice_creation.invoice_data.rendering_options'),
  'subscription_data.invoice_settings': isOwn,
}
const CHECKOUT: Names = {
  ...all('adaptive_pricing', 'branding_settings', 'consent_collection', 'custom_fields', 'custom_text'),
  ...all('excluded_payment_method_types', 'integration_identifier', 'name_collection'),
  ...all(
    'origin_context',
    'payment_method_configuration',
    'payment_method_data',
    'phone_number_collection',
    'saved_payment_method_options',
  ),
  ...all('payment_method_options.*'),
  ...all('permissions', 'submit_type', 'wallet_options', 'line_items.metadata'),
  ...all('invoice_creation.invoice_data.rendering_options'),
  'subscription_data.invoice_settings': isOwn,
}

/**
 * The parameters of Stripe that the sandbox accepts and does not act on, by the beginning of their route. It has only
 * those that change no amount, no state and no time here. Some are harmless only with certain values.
 */
export const WITHOUT_EFFECT: Readonly<Record<string, Names>> = {
  'POST /v1/billing_portal/configurations': PORTAL,
  'POST /v1/billing_portal/sessions': all('after_expiration'),
  'POST /v1/charges/': {
    ...all('fraud_details', 'receipt_email', 'shipping', 'transfer_group'),
    ...all('statement_descriptor', 'statement_descriptor_suffix'),
  },
  'POST /v1/checkout/sessions': CHECKOUT,
  'POST /v1/customers': CUSTOMER,
  'POST /v1/disputes': all('evidence.appeal', 'evidence.enhanced_evidence', 'intended_submission_method'),
  'POST /v1/invoices': INVOICE,
  'POST /v1/invoiceitems': all('invoicing_rules'),
  'POST /v1/payment_intents': PAYING,
  'POST /v1/payment_links': PAYMENT_LINK,
  'POST /v1/payment_methods': all('allow_redisplay', 'billing_details.tax_id', 'card.networks', 'radar_options'),
  'POST /v1/products': PRODUCT,
  'POST /v1/refunds': all('instructions_email'),
  'POST /v1/setup_intents': { ...PAYING, ...all('attach_to_self', 'confirmation_method', 'flow_directions') },
  'POST /v1/subscriptions': SUBSCRIPTION,
  'POST /v1/test_helpers/confirmation_tokens': { ...METHOD_DATA, ...all('payment_method_options.*') },
  'POST /v1/tokens': all('card.networks'),
  'DELETE /v1/subscriptions': all('cancellation_details.feedback_option'),
}

/** Whether a parameter, such as `invoice_settings.footer`, changes nothing on this route. */
export function hasNoEffect(route: string, name: string, value: unknown): boolean {
  return harmlessOn(route, name)?.(value) ?? false
}

/** How harmless a parameter of a route is; undefined if it is not. `a.*` stands for `a` and what is in it. */
export function harmlessOn(route: string, name: string): Harmless | undefined {
  const within = name.split('.').map((_part, at, parts) => [...parts.slice(0, at + 1), '*'].join('.'))
  for (const [beginning, names] of Object.entries(WITHOUT_EFFECT)) {
    if (!route.startsWith(beginning)) continue
    const known = [name, ...within].find((each) => Object.hasOwn(names, each))
    if (known !== undefined) return names[known]
  }
  return undefined
}

const isHash = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
