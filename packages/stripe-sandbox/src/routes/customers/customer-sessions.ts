import { invalidRequest, missingParam } from '../../http/errors.ts'
import { boolean, hash, integer, list, oneOf, required, string, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId, randomText } from '../../ids.ts'
import { detachPaymentMethod } from '../../payments/payment-methods.ts'
import { serializeCustomerSession } from '../../resources/customer-session.ts'
import { serializePaymentMethod } from '../../resources/payment-method.ts'
import type { Account } from '../../state/account.ts'
import type { CustomerSessionRow, PaymentElementFeatures } from '../../state/rows/customer-session.ts'
import type { PaymentMethodRow } from '../../state/rows/customer.ts'
import { customerInParam, inParam, redisplayOf } from '../lookup.ts'

const SWITCH = oneOf('disabled', 'enabled')
const FILTERS = list(oneOf('always', 'limited', 'unspecified'))
const SHEET = { payment_method_allow_redisplay_filters: FILTERS, payment_method_remove: SWITCH }
const ENABLED = hash({ enabled: required(boolean()) })
const PAYMENT_ELEMENT = hash({
  ...SHEET,
  payment_method_redisplay: SWITCH,
  payment_method_redisplay_limit: integer({ min: 1, max: 10 }),
  payment_method_save: SWITCH,
  payment_method_save_usage: oneOf('off_session', 'on_session'),
})
const COMPONENTS = hash({
  active_entitlements: ENABLED,
  buy_button: ENABLED,
  customer_portal: ENABLED,
  customer_sheet: hash({ enabled: required(boolean()), features: hash(SHEET) }),
  mobile_payment_element: hash({
    enabled: required(boolean()),
    features: hash({
      ...SHEET,
      payment_method_redisplay: SWITCH,
      payment_method_save: SWITCH,
      payment_method_save_allow_redisplay_override: oneOf('always', 'limited', 'unspecified'),
    }),
  }),
  payment_element: hash({ enabled: required(boolean()), features: PAYMENT_ELEMENT }),
  pricing_table: ENABLED,
})
const SECRET = { customer_session_client_secret: required(string()) }
const LIFETIME = 30 * 60

/**
 * Customer sessions, and what Stripe.js calls with the client secret of one. Stripe doesn't document its own calls for
 * this.
 *
 * @see https://docs.stripe.com/api/customer_sessions
 */
export const customerSessionRoutes = [
  route(
    'POST',
    '/customer_sessions',
    hash({ components: required(COMPONENTS), customer: string() }),
    ({ account, params }) => {
      if (params.customer === undefined) throw missingParam('customer')
      const { id: customer } = customerInParam(account, params.customer)
      const { payment_element, ...others } = params.components
      const enabled = Object.entries(others).filter(([, given]) => given.enabled)
      if (enabled.length === 0 && !payment_element?.enabled)
        throw invalidRequest('You must enable at least one component.', { param: 'components' })
      const created = account.now()
      const row = account.customerSessions.insert({
        id: newId('cuss'),
        created,
        client_secret: `cuss_secret_${randomText(40)}`,
        customer,
        expires_at: created + LIFETIME,
        payment_element: payment_element?.enabled ? featuresOf(payment_element.features) : null,
        others: Object.fromEntries(
          enabled.map(([name, given]) => [name, 'features' in given ? (given.features ?? null) : null]),
        ),
      })
      return serializeCustomerSession(row)
    },
  ),
  route('GET', '/elements/sessions', hash(SECRET), ({ account, params }) => {
    const { customer, features } = openSession(account, params.customer_session_client_secret)
    const shown = features.payment_method_redisplay === 'enabled' ? shownMethods(account, customer, features) : []
    return { object: 'elements_session', features, payment_methods: shown.map(publicMethod) }
  }),
  route('POST', '/elements/payment_methods/:method/detach', hash(SECRET), ({ account, params, path }) => {
    const { customer, features } = openSession(account, params.customer_session_client_secret)
    const method = inParam(account.paymentMethods, path['method'] ?? '', 'PaymentMethod', 'payment_method')
    if (features.payment_method_remove !== 'enabled' || method.customer !== customer)
      throw invalidRequest('This customer session does not allow this payment method to be removed.', {
        param: 'payment_method',
      })
    return publicMethod(detachPaymentMethod(account, method))
  }),
]

/** The features of a Payment Element, with Stripe's defaults. */
function featuresOf({
  payment_method_allow_redisplay_filters: filters = ['always'],
  payment_method_redisplay = 'disabled',
  payment_method_redisplay_limit = 3,
  payment_method_remove = 'disabled',
  payment_method_save = 'disabled',
  payment_method_save_usage,
}: ParamValue<typeof PAYMENT_ELEMENT> = {}): PaymentElementFeatures {
  return {
    payment_method_allow_redisplay_filters: filters,
    payment_method_redisplay,
    payment_method_redisplay_limit,
    payment_method_remove,
    payment_method_save,
    payment_method_save_usage: payment_method_save_usage ?? null,
  }
}

/**
 * The customer session of a client secret.
 *
 * @throws {StripeApiError} 400 for an unknown secret, for one that has expired, and without the Payment Element.
 */
function openSession(
  account: Account,
  secret: string,
): { customer: CustomerSessionRow['customer']; features: PaymentElementFeatures } {
  const param = 'customer_session_client_secret'
  const [row] = account.customerSessions.by('client_secret', secret)
  if (!row) throw invalidRequest('The client secret of the customer session is invalid.', { param })
  if (row.expires_at <= account.now() || account.customers.get(row.customer).deleted)
    throw invalidRequest('The customer session has expired.', { param })
  if (row.payment_element === null)
    throw invalidRequest('The customer session does not enable the component `payment_element`.', { param })
  return { customer: row.customer, features: row.payment_element }
}

/** A customer's saved cards that may be shown to them again, the newest first. */
function shownMethods(
  account: Account,
  customer: string,
  {
    payment_method_allow_redisplay_filters: filters,
    payment_method_redisplay_limit: limit,
  }: Pick<PaymentElementFeatures, 'payment_method_allow_redisplay_filters' | 'payment_method_redisplay_limit'>,
): PaymentMethodRow[] {
  const methods = account.paymentMethods.by('customer', customer)
  return methods
    .filter(({ id }) => filters.includes(redisplayOf(account, id)))
    .toReversed()
    .slice(0, limit)
}

/** A saved card as a page may see it. */
function publicMethod(row: PaymentMethodRow) {
  const { billing_details, card, created, id, object, type } = serializePaymentMethod(row)
  return { id, object, billing_details, card, created, type }
}
