import type Stripe from 'stripe'
import { priceAmount } from '../amounts/price-parts.ts'
import { shippingAmounts } from '../amounts/shipping-amounts.ts'
import type { Account } from '../state/account.ts'
import { linePrice } from '../state/price-in.ts'
import type { AdjustableQuantity, CheckoutSessionRow, OptionalItem, SessionLine } from '../state/rows/checkout.ts'
import type { Wire } from '../wire.ts'
import { serializePrice } from './price.ts'
import { sessionLineAmounts, sessionShipping } from './session-amounts.ts'
import { serializeShippingCost } from './shipping-rate.ts'
import { serializeInvoiceSettings } from './subscription.ts'

export function serializeCheckoutSession(account: Account, row: CheckoutSessionRow): Wire<Stripe.Checkout.Session> {
  const {
    attempt: _attempt,
    customer_details,
    customer_update: _update,
    formToken: _token,
    lines: _lines,
    optional_items,
    payment_intent_data: _intent,
    recovery,
    shipping_countries,
    shipping_details,
    shipping_rate,
    shipping_rates = [],
    started: _started,
    subscribesFirst: _first,
    subscription_data: _data,
    ...shown
  } = row
  const lines = sessionLineAmounts(account, row)
  const sum = (key: 'discount' | 'subtotal' | 'tax' | 'total'): number =>
    lines.reduce((total, line) => total + line[key], 0)
  const shipping = sessionShipping(account, row)
  const currency = row.currency ?? 'usd'
  return {
    ...shown,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: recovery ? serializeRecovery(account, recovery) : null,
    allowed_payment_method_types: null,
    amount_subtotal: row.mode === 'setup' ? null : sum('subtotal'),
    amount_total: row.mode === 'setup' ? null : sum('total') + (shipping?.total ?? 0),
    automatic_tax: row.automatic_tax
      ? { enabled: true, liability: { type: 'self' }, provider: 'stripe', status: row.automatic_tax.status }
      : { enabled: false, liability: null, provider: null, status: null },
    client_secret: row.status === 'open' ? row.client_secret : null,
    collected_information: shipping_details ? { business_name: null, individual_name: null, shipping_details } : null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer_account: null,
    customer_details: customer_details && {
      address: customer_details.address ?? null,
      business_name: customer_details.business_name ?? null,
      email: customer_details.email,
      individual_name: null,
      name: customer_details.name,
      phone: customer_details.phone ?? null,
      tax_exempt: (row.customer !== null && account.customers.get(row.customer).tax_exempt) || 'none',
      tax_ids: customer_details.tax_ids ?? [],
    },
    integration_identifier: null,
    invoice_creation: row.mode === 'payment' ? serializeInvoiceCreation(row) : null,
    livemode: false,
    locale: row.locale,
    managed_payments: { enabled: false },
    ...(optional_items && { optional_items: optional_items.map(serializeOptionalItem) }),
    origin_context: null,
    payment_intent: row.mode === 'payment' ? row.payment_intent : null,
    payment_link: row.payment_link ?? null,
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: row.recovered_from ?? null,
    saved_payment_method_options: {
      allow_redisplay_filters: ['always'],
      payment_method_remove: 'disabled',
      payment_method_save: null,
    },
    setup_intent: row.mode === 'setup' ? row.setup_intent : null,
    shipping_address_collection: shipping_countries ? { allowed_countries: shipping_countries } : null,
    shipping_cost: serializeShippingCost(account, shipping_rate, { automatic_tax: row.automatic_tax, currency }),
    shipping_options: shipping_rates.map((rate) => ({
      shipping_amount: shippingAmounts(account, rate, { currency }).subtotal,
      shipping_rate: rate,
    })),
    submit_type: null,
    total_details: {
      amount_discount: sum('discount'),
      amount_shipping: shipping?.subtotal ?? 0,
      amount_tax: sum('tax') + (shipping?.tax ?? 0),
    },
    url: row.status === 'open' && row.ui_mode === 'hosted_page' ? checkoutUrl(account, row.id) : null,
    wallet_options: null,
  }
}

/** Where customers can come back to the session once it has expired. */
function serializeRecovery(
  account: Account,
  { allow_promotion_codes, expires_at, token }: NonNullable<CheckoutSessionRow['recovery']>,
): Wire<Stripe.Checkout.Session.AfterExpiration> {
  const url = token === null ? null : `${account.publicUrl}/r/${token}`
  return { recovery: { allow_promotion_codes, enabled: true, expires_at, url } }
}

/** Whether a payment gets an invoice, and what it says, as sessions and payment links show it. */
export function serializeInvoiceCreation({
  invoice_creation: given,
}: Pick<CheckoutSessionRow, 'invoice_creation'>): NonNullable<Wire<Stripe.Checkout.Session>['invoice_creation']> {
  return {
    enabled: given !== null,
    invoice_data: {
      ...serializeInvoiceSettings(given ?? {}),
      issuer: null,
      metadata: given?.metadata ?? {},
      rendering_options: null,
    },
  }
}

/** What the customer can add to their order, as sessions and payment links show it. */
export function serializeOptionalItem({ adjustable, price, quantity }: OptionalItem) {
  return { adjustable_quantity: serializeAdjustable(adjustable), price, quantity }
}

/** Whether the customer can choose a quantity; null if they can't. */
const serializeAdjustable = (adjustable: AdjustableQuantity | undefined) =>
  adjustable === undefined ? null : { enabled: true, ...adjustable }

function checkoutUrl(account: Account, id: string): string {
  return `${account.publicUrl}/c/pay/${id}`
}

export function serializeSessionLine(
  account: Account,
  line: SessionLine,
  session: CheckoutSessionRow,
): Wire<Stripe.LineItem> {
  const price = account.prices.get(line.price)
  const amounts = sessionLineAmounts(account, session)[session.lines.findIndex(({ id }) => id === line.id)]
  return {
    id: line.id,
    object: 'item',
    adjustable_quantity: serializeAdjustable(line.adjustable),
    amount_discount: amounts?.discount ?? 0,
    amount_subtotal: amounts?.subtotal ?? 0,
    amount_tax: amounts?.tax ?? 0,
    amount_total: amounts?.total ?? 0,
    currency: session.currency ?? price.currency,
    description: account.products.get(price.product).name,
    metadata: {},
    price: serializePrice(price),
    quantity: price.meter === null ? line.quantity : null,
  }
}

/** A line of a payment link, without discounts and taxes. */
export function serializeLinkLine(account: Account, line: SessionLine, currency: string): Wire<Stripe.LineItem> {
  const price = linePrice(account, line, currency)
  const amount = price.meter === null ? priceAmount(price, line.quantity) : 0
  return {
    id: line.id,
    object: 'item',
    adjustable_quantity: serializeAdjustable(line.adjustable),
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency,
    description: account.products.get(price.product).name,
    metadata: {},
    price: serializePrice(account.prices.get(line.price)),
    quantity: price.meter === null ? line.quantity : null,
  }
}
