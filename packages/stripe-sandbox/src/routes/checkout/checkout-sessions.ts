import { expireSession } from '../../checkout/expire-session.ts'
import { withFirstShare } from '../../checkout/first-share.ts'
import { openSession } from '../../checkout/open-session.ts'
import { emit } from '../../events/emit.ts'
import { exclusiveParams, invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, isWithin, mergeMetadata, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeCheckoutSession, serializeSessionLine } from '../../resources/checkout-session.ts'
import { insertSetupIntent, serializeSetupIntent } from '../../resources/setup-intent.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'
import { DAY, HOUR, MINUTE, wallNow } from '../../time.ts'
import { currencyOf } from '../catalogue/currencies.ts'
import { readSessionDiscounts } from '../discount-params.ts'
import { customerInParam, inPath } from '../lookup.ts'
import { checkAnchor, checkTrialEnd } from '../subscriptions/check-start.ts'
import { readAnchorConfig, readMode, readPendingInterval } from '../subscriptions/subscription-params.ts'
import { readTaxRates } from '../tax-params.ts'
import { checkLines, checkPromotionCodes, readLine, readOptionalItems } from './checkout-lines.ts'
import { checkMode, customerCreation, intentData, invoiceData } from './checkout-modes.ts'
import { CREATE, LIST } from './checkout-params.ts'
import { readPresentation } from './checkout-presentation.ts'
import { readShipping } from './checkout-shipping.ts'
import { readSessionTaxes } from './session-tax-params.ts'
import { UPDATE, updateSession } from './update-session.ts'

export const checkoutSessionRoutes = [
  route('POST', '/checkout/sessions', CREATE, ({ account, params, version }) => {
    const {
      allowed_payment_method_types: _types,
      line_items,
      subscription_data = {},
      success_url: _success,
      ui_mode: _ui,
      return_url: _return,
      redirect_on_completion: _redirect,
      ...rest
    } = params
    if (rest.customer !== undefined && rest.customer_email !== undefined) {
      throw exclusiveParams('customer', 'customer_email', 'customer')
    }
    const presented = readPresentation(params)
    const { recovery } = rest.after_expiration ?? {}
    const customer = rest.customer === undefined ? null : customerInParam(account, rest.customer)
    checkMode(params)
    const lines = (line_items ?? []).map((line, index) => readLine(account, line, `line_items[${index}]`))
    checkLines(account, lines, rest.mode)
    checkPromotionCodes(account, lines, rest.allow_promotion_codes)
    const currency = currencyOf(account, lines, {
      asked: params.currency,
      own: rest.mode === 'subscription' ? (customer?.currency ?? null) : null,
      list: 'line_items',
    })
    const optional_items = readOptionalItems(account, rest.optional_items ?? [], { lines, mode: rest.mode, currency })
    if (rest.discounts !== undefined && rest.allow_promotion_codes !== undefined)
      throw exclusiveParams('allow_promotion_codes', 'discounts', 'discounts')
    const created = wallNow()
    const { billing_cycle_anchor, billing_mode, description, proration_behavior } = subscription_data
    const { trial_end, trial_period_days, trial_settings } = subscription_data
    if (billing_cycle_anchor !== undefined && billing_cycle_anchor <= account.nowOf(rest.customer ?? null))
      throw invalidRequest('billing_cycle_anchor cannot be in the past', {
        param: 'subscription_data[billing_cycle_anchor]',
      })
    const { pending_invoice_item_interval: pending } = subscription_data
    if (trial_end !== undefined && trial_period_days !== undefined) {
      throw exclusiveParams('trial_end', 'trial_period_days', 'subscription_data[trial_end]')
    }
    if (trial_end !== undefined && trial_end < account.nowOf(rest.customer ?? null) + 2 * DAY) {
      throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', {
        param: 'subscription_data[trial_end]',
      })
    }
    const now = account.nowOf(rest.customer ?? null)
    checkTrialEnd(trial_end, now, 'subscription_data[trial_end]')
    checkAnchor(account, lines, {
      anchor: billing_cycle_anchor,
      start: trial_end ?? now + (trial_period_days ?? 0) * DAY,
      param: 'subscription_data[billing_cycle_anchor]',
    })
    const row = openSession(account, {
      expires_at: expiry(rest.expires_at, created),
      mode: rest.mode,
      allow_promotion_codes: rest.allow_promotion_codes ?? null,
      ...(recovery?.enabled && {
        recovery: {
          allow_promotion_codes: recovery.allow_promotion_codes ?? false,
          ...{ expires_at: null, token: null },
        },
      }),
      billing_address_collection: rest.billing_address_collection ?? null,
      ...presented,
      client_reference_id: rest.client_reference_id ?? null,
      currency,
      customer: rest.customer ?? null,
      customer_creation: customerCreation(rest),
      customer_details: rest.customer_email === undefined ? null : { email: rest.customer_email, name: null },
      customer_email: rest.customer_email ?? null,
      discounts: readSessionDiscounts(account, rest.discounts ?? [], rest.customer ?? null, currency),
      ...(rest.invoice_creation?.enabled && {
        invoice_creation: invoiceData(account, rest.invoice_creation.invoice_data),
      }),
      lines,
      locale: rest.locale ?? null,
      metadata: mergeMetadata({}, rest.metadata),
      ...(optional_items.length > 0 && { optional_items }),
      payment_intent_data: intentData(rest.payment_intent_data, { options: rest.payment_method_options }),
      ...readShipping(account, rest, { currency, mode: rest.mode }),
      ...readSessionTaxes(account, params),
      ...(rest.mode === 'subscription' && version < '2025-03-31.basil' && { subscribesFirst: true }),
      ...(rest.payment_method_collection && { payment_method_collection: rest.payment_method_collection }),
      subscription_data: {
        anchorConfig: readAnchorConfig(account, lines, subscription_data, 'subscription_data'),
        billing_cycle_anchor: billing_cycle_anchor ?? null,
        billing_mode: 'flexible',
        ...readMode(billing_mode),
        default_tax_rates: readTaxRates(
          account,
          subscription_data.default_tax_rates,
          'subscription_data[default_tax_rates]',
        ),
        description: description ?? null,
        metadata: mergeMetadata({}, subscription_data.metadata),
        ...(proration_behavior && { proration_behavior }),
        ...(pending && { pendingInterval: readPendingInterval(pending) }),
        missing_payment_method: trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
        trial_end: trial_end ?? null,
        trial_period_days: trial_period_days ?? null,
      },
    })
    const opened =
      rest.mode === 'setup' ? withSetupIntent(account, row, params.setup_intent_data) : withFirstShare(account, row)
    return serializeCheckoutSession(account, opened)
  }),
  route('GET', '/checkout/sessions/:id', hash({}), ({ account, id }) =>
    serializeCheckoutSession(account, inPath(account.checkoutSessions, id, 'checkout.session')),
  ),
  route('POST', '/checkout/sessions/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.checkoutSessions, id, 'checkout.session')
    return serializeCheckoutSession(account, updateSession(account, old, params))
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
    const { created, customer, customer_details, payment_intent, payment_link, status, subscription } = params
    const rows = account.checkoutSessions
      .all()
      .filter(
        (row) =>
          isWithin(row.created, created) &&
          (!customer || row.customer === customer) &&
          (!customer_details || row.customer_details?.email === customer_details.email) &&
          (!payment_intent || row.payment_intent === payment_intent) &&
          (!payment_link || row.payment_link === payment_link) &&
          (!status || row.status === status) &&
          (!subscription || row.subscription === subscription),
      )
    return page('/v1/checkout/sessions', rows, params, (row) => serializeCheckoutSession(account, row))
  }),
]

/** A session in `setup` mode has its setup intent from the beginning. */
function withSetupIntent(
  account: Account,
  { id, customer }: CheckoutSessionRow,
  { description, metadata }: ParamValue<typeof CREATE>['setup_intent_data'] = {},
): CheckoutSessionRow {
  const intent = insertSetupIntent(account, {
    customer,
    description: description ?? null,
    metadata: mergeMetadata({}, metadata),
    payment_method: null,
    session: id,
    status: 'requires_payment_method',
  })
  emit(account, 'setup_intent.created', serializeSetupIntent(account, intent))
  return account.checkoutSessions.patch(id, { setup_intent: intent.id })
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
