import { commonInterval, recurringPrice } from '../billing/recurring-price.ts'
import { expireSession } from '../checkout/expire-session.ts'
import { openSession } from '../checkout/open-session.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../http/errors.ts'
import { PAGE, page } from '../http/list.ts'
import { hash, isWithin, mergeMetadata } from '../http/params.ts'
import { route } from '../http/route.ts'
import { newId } from '../ids.ts'
import { serializeCheckoutSession, serializeSessionLine } from '../resources/checkout-session.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow, SessionLine } from '../state/rows/checkout.ts'
import { DAY, HOUR, MINUTE, wallNow } from '../time.ts'
import { CREATE, LIST, UPDATE } from './checkout-params.ts'
import { createPrice } from './create-price.ts'
import { currencyOf } from './currencies.ts'
import { readSessionDiscounts } from './discount-params.ts'
import { createInlineProduct } from './inline-product.ts'
import { itemQuantity } from './item-price.ts'
import { activePriceInParam, customerInParam, inPath } from './lookup.ts'
import { readTaxRates } from './tax-params.ts'

export const checkoutSessionRoutes = [
  route('POST', '/checkout/sessions', CREATE, ({ account, params }) => {
    const {
      allowed_payment_method_types: _types,
      line_items,
      subscription_data = {},
      success_url,
      ui_mode: _ui,
      return_url: _return,
      ...rest
    } = params
    if (rest.customer !== undefined && rest.customer_email !== undefined) {
      throw exclusiveParams('customer', 'customer_email', 'customer')
    }
    if (success_url === undefined) throw missingParam('success_url')
    for (const [param, url] of [
      ['success_url', success_url],
      ['cancel_url', rest.cancel_url],
    ] as const) {
      if (url !== undefined && !isWebAddress(url))
        throw invalidRequest('Not a valid URL', { param, code: 'url_invalid' })
    }
    const customer = rest.customer === undefined ? null : customerInParam(account, rest.customer)
    if (!line_items || line_items.length === 0) throw missingParam('line_items')

    const lines = line_items.map((line, index) => readLine(account, line, `line_items[${index}]`))
    checkLines(account, lines, rest.mode)
    const currency = currencyOf(account, lines, {
      asked: params.currency,
      own: rest.mode === 'subscription' ? (customer?.currency ?? null) : null,
      list: 'line_items',
    })
    if (rest.discounts !== undefined && rest.allow_promotion_codes !== undefined)
      throw exclusiveParams('allow_promotion_codes', 'discounts', 'discounts')
    const created = wallNow()
    const { billing_cycle_anchor, billing_mode, description, trial_end, trial_period_days, trial_settings } =
      subscription_data
    if (trial_end !== undefined && trial_period_days !== undefined) {
      throw exclusiveParams('trial_end', 'trial_period_days', 'subscription_data[trial_end]')
    }
    if (trial_end !== undefined && trial_end < account.nowOf(rest.customer ?? null) + 2 * DAY) {
      throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', {
        param: 'subscription_data[trial_end]',
      })
    }
    const row = openSession(account, {
      expires_at: expiry(rest.expires_at, created),
      mode: rest.mode,
      allow_promotion_codes: rest.allow_promotion_codes ?? null,
      billing_address_collection: rest.billing_address_collection ?? null,
      cancel_url: rest.cancel_url ?? null,
      success_url,
      client_reference_id: rest.client_reference_id ?? null,
      currency,
      customer: rest.customer ?? null,
      customer_details: customerDetails(account, rest.customer ?? null, rest.customer_email ?? null),
      customer_email: rest.customer_email ?? null,
      discounts: readSessionDiscounts(account, rest.discounts ?? [], rest.customer ?? null, currency),
      lines,
      locale: rest.locale ?? null,
      metadata: mergeMetadata({}, rest.metadata),
      ...(rest.payment_method_collection && { payment_method_collection: rest.payment_method_collection }),
      subscription_data: {
        billing_cycle_anchor: billing_cycle_anchor ?? null,
        billing_mode: billing_mode?.type ?? 'flexible',
        default_tax_rates: readTaxRates(
          account,
          subscription_data.default_tax_rates,
          'subscription_data[default_tax_rates]',
        ),
        description: description ?? null,
        metadata: mergeMetadata({}, subscription_data.metadata),
        missing_payment_method: trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
        trial_end: trial_end ?? null,
        trial_period_days: trial_period_days ?? null,
      },
    })
    return serializeCheckoutSession(account, row)
  }),
  route('GET', '/checkout/sessions/:id', hash({}), ({ account, id }) =>
    serializeCheckoutSession(account, inPath(account.checkoutSessions, id, 'checkout.session')),
  ),
  route('POST', '/checkout/sessions/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.checkoutSessions, id, 'checkout.session')
    return serializeCheckoutSession(
      account,
      account.checkoutSessions.patch(id, { metadata: mergeMetadata(old.metadata, params.metadata) }),
    )
  }),
  route('POST', '/checkout/sessions/:id/expire', hash({}), ({ account, id }) => {
    const { status } = inPath(account.checkoutSessions, id, 'checkout.session')
    if (status !== 'open') {
      throw invalidRequest(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${status}.`,
      )
    }
    return serializeCheckoutSession(account, expireSession(account, id))
  }),
  route('GET', '/checkout/sessions/:id/line_items', hash(PAGE), ({ account, id, params }) => {
    const session = inPath(account.checkoutSessions, id, 'checkout.session')
    return page(`/v1/checkout/sessions/${id}/line_items`, session.lines.toReversed(), params, (line) =>
      serializeSessionLine(account, line, session),
    )
  }),
  route('GET', '/checkout/sessions', LIST, ({ account, params }) => {
    const { created, customer, customer_details, payment_intent, status, subscription } = params
    const rows = account.checkoutSessions
      .all()
      .filter(
        (row) =>
          isWithin(row.created, created) &&
          (!customer || row.customer === customer) &&
          (!customer_details || row.customer_details?.email === customer_details.email) &&
          (!payment_intent || row.payment_intent === payment_intent) &&
          (!status || row.status === status) &&
          (!subscription || row.subscription === subscription),
      )
    return page('/v1/checkout/sessions', rows, params, (row) => serializeCheckoutSession(account, row))
  }),
]

function readLine(
  account: Account,
  line: {
    price?: string
    quantity?: number
    price_data?: Parameters<typeof inlinePrice>[1]
    tax_rates?: string[] | null
  },
  param: string,
): SessionLine {
  const tax_rates = readTaxRates(account, line.tax_rates, `${param}[tax_rates]`)
  if (line.price === undefined && line.price_data === undefined) throw missingParam(`${param}[price]`)
  const price = line.price_data
    ? inlinePrice(account, line.price_data, `${param}[price_data]`)
    : activePriceInParam(account, line.price ?? '', `${param}[price]`).id
  return { id: newId('li'), price, quantity: itemQuantity(account, price, line.quantity, param), tax_rates }
}

type InlinePrice = Omit<Parameters<typeof createPrice>[1], 'product'> & {
  product?: string
  product_data?: Parameters<typeof createInlineProduct>[1]
}

function inlinePrice(account: Account, { product, product_data, ...terms }: InlinePrice, param: string): string {
  if (product === undefined && product_data === undefined) throw missingParam(`${param}[product]`)
  const id = product ?? (product_data ? createInlineProduct(account, product_data).id : '')
  return createPrice(account, { ...terms, product: id }, param).id
}

function checkLines(account: Account, lines: readonly SessionLine[], mode: CheckoutSessionRow['mode']): void {
  const prices = lines.map((line) => account.prices.get(line.price))
  if (mode === 'payment') {
    const index = prices.findIndex((price) => price.recurring !== null)
    if (index !== -1)
      throw invalidRequest(
        'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
        { param: 'mode' },
      )
    return
  }
  const recurring = lines.filter((line) => account.prices.get(line.price).recurring !== null)
  if (recurring.length === 0)
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode when using prices.', {
      param: 'mode',
    })
  recurringPrice(account, recurring, 'flexible')
  if (commonInterval(account, recurring) === null)
    throw invalidRequest('Checkout does not support multiple prices with different billing intervals.', {
      param: 'line_items',
    })
  if (recurring.length < lines.length)
    throw invalidRequest('This sandbox accepts only recurring prices in `subscription` mode.', { param: 'line_items' })
}

/**
 * When a session expires: 30 minutes to 24 hours after its creation, 24 hours by default.
 *
 * @throws {StripeApiError} 400 if the requested time is outside this range.
 * @see https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
function expiry(requested: number | undefined, created: number): number {
  if (requested === undefined) return created + DAY
  // A minute of tolerance, because callers compute the time from their own clock, a little earlier.
  if (requested < created + 30 * MINUTE - MINUTE)
    throw invalidRequest('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', {
      param: 'expires_at',
    })
  if (requested > created + 24 * HOUR + MINUTE)
    throw invalidRequest('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', {
      param: 'expires_at',
    })
  return requested
}

function customerDetails(
  account: Account,
  customer: string | null,
  email: string | null,
): CheckoutSessionRow['customer_details'] {
  if (customer !== null)
    return { email: account.customers.get(customer).email, name: account.customers.get(customer).name }
  return email === null ? null : { email, name: null }
}

function isWebAddress(url: string): boolean {
  // Stripe allows this template variable in the URL, although braces aren't valid there.
  return (
    URL.canParse(url.replaceAll('{CHECKOUT_SESSION_ID}', 'id')) &&
    /^https?:$/.test(new URL(url.replaceAll('{CHECKOUT_SESSION_ID}', 'id')).protocol)
  )
}
