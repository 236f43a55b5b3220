import { emit } from '../../events/emit.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import {
  clearable,
  hash,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import {
  attachPaymentMethod,
  cardError,
  createPaymentMethod,
  detachPaymentMethod,
  paymentMethodNamed,
} from '../../payments/payment-methods.ts'
import { cardByName, cardByNumber } from '../../payments/test-cards.ts'
import { serializePaymentMethod } from '../../resources/payment-method.ts'
import type { Account } from '../../state/account.ts'
import type { CardTokenRow } from '../../state/rows/card-token.ts'
import type { PaymentMethodRow } from '../../state/rows/customer.ts'
import { customerInParam, inPath, matchingMethods, METHOD_FILTERS } from '../lookup.ts'
import { ADDRESS } from './customer-fields.ts'

const BILLING_DETAILS = hash({
  address: ADDRESS,
  email: clearable(string()),
  name: clearable(string()),
  phone: clearable(string()),
})
/** A card, and whose it is, in a request that creates a payment method. */
export const PAYMENT_METHOD_DATA = hash({
  type: required(oneOf('card')),
  card: hash({
    token: string(),
    number: string(),
    exp_month: integer({ min: 1, max: 12 }),
    exp_year: integer({ min: 1970 }),
    cvc: string({ max: 4 }),
  }),
  billing_details: BILLING_DETAILS,
  metadata: metadata(),
})
const UPDATE = hash({
  billing_details: BILLING_DETAILS,
  metadata: metadata(),
  card: hash({ exp_month: integer({ min: 1, max: 12 }), exp_year: integer({ min: 1970 }) }),
})
const LIST = hash({ ...PAGE, ...UNMATCHED, ...METHOD_FILTERS, customer: string() })

export const paymentMethodRoutes = [
  route('POST', '/payment_methods', PAYMENT_METHOD_DATA, ({ account, params }) =>
    serializePaymentMethod(methodFromData(account, params)),
  ),
  route('GET', '/payment_methods/:id', hash({}), ({ account, id }) =>
    serializePaymentMethod(inPath(account.paymentMethods, id, 'PaymentMethod', 'payment_method')),
  ),
  route('POST', '/payment_methods/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.paymentMethods, id, 'PaymentMethod', 'payment_method')
    const row = account.paymentMethods.patch(id, {
      metadata: mergeMetadata(old.metadata, params.metadata),
      billing_details: { ...old.billing_details, ...toBillingDetails(params.billing_details) },
      card: { ...old.card, ...params.card },
    })
    emit(account, 'payment_method.updated', serializePaymentMethod(row))
    return serializePaymentMethod(row)
  }),
  route('POST', '/payment_methods/:id/attach', hash({ customer: required(string()) }), ({ account, id, params }) => {
    customerInParam(account, params.customer)
    return serializePaymentMethod(attachPaymentMethod(account, id, params.customer))
  }),
  route('POST', '/payment_methods/:id/detach', hash({}), ({ account, id }) =>
    serializePaymentMethod(
      detachPaymentMethod(account, inPath(account.paymentMethods, id, 'PaymentMethod', 'payment_method')),
    ),
  ),
  route('GET', '/payment_methods', LIST, ({ account, params }) => {
    const rows =
      params.customer === undefined
        ? account.paymentMethods.all()
        : account.paymentMethods.by('customer', params.customer)
    return page('/v1/payment_methods', matchingMethods(account, rows, params), params, serializePaymentMethod)
  }),
]

/**
 * Creates the payment method that a request describes.
 *
 * @param within the parameter that describes it; empty for the request itself.
 * @throws {StripeApiError} 400 without a card, or for an unknown token.
 * @throws {StripeApiError} 402 for an invalid card number.
 */
function methodFromData(
  account: Account,
  { card: given, billing_details, metadata: changes }: ParamValue<typeof PAYMENT_METHOD_DATA>,
  within = '',
): PaymentMethodRow {
  const name = (param: string): string => (within ? `${within}[${param}]` : param)
  if (!given) throw missingParam(name('card'))
  const entered = given.token === undefined ? undefined : account.cardTokens.find(given.token)
  if (entered) return methodFromToken(account, entered, { billing_details, changes })
  const nextYear = new Date().getUTCFullYear() + 1
  const { exp_month = 12, exp_year = nextYear, number, token } = given
  const card = token === undefined ? cardByNumber(number ?? '') : cardByName(token)
  if (!card)
    throw invalidRequest(`No such token: '${token}'`, { param: `${name('card')}[token]`, code: 'resource_missing' })
  if (!('behaviour' in card)) throw cardError(card, { param: 'number' })
  return createPaymentMethod(account, card, {
    exp_month,
    exp_year,
    metadata: mergeMetadata({}, changes),
    billing_details: toBillingDetails(billing_details),
  })
}

/**
 * Creates the payment method of a token, which can't be used again.
 *
 * @throws {StripeApiError} 400 `token_already_used`
 */
function methodFromToken(
  account: Account,
  { address, behaviour, card, id, name, used }: CardTokenRow,
  { billing_details, changes }: Given,
): PaymentMethodRow {
  if (used) throw invalidRequest(`You cannot use a Stripe token more than once: ${id}.`, { code: 'token_already_used' })
  account.cardTokens.patch(id, { used: true })
  return createPaymentMethod(
    account,
    { brand: card.brand, last4: card.last4, fingerprint: card.fingerprint, behaviour },
    {
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      metadata: mergeMetadata({}, changes),
      billing_details: { ...toBillingDetails({ name, address }), ...toBillingDetails(billing_details) },
    },
  )
}

/**
 * The payment method that a request names or describes; undefined if it does neither.
 *
 * @throws {StripeApiError} 400 for both at once, and for a payment method that does not exist.
 */
export function methodIn(
  account: Account,
  {
    payment_method: id,
    payment_method_data: data,
  }: { payment_method?: string; payment_method_data?: ParamValue<typeof PAYMENT_METHOD_DATA> },
): PaymentMethodRow | undefined {
  if (id !== undefined && data !== undefined)
    throw exclusiveParams('payment_method', 'payment_method_data', 'payment_method_data')
  if (data !== undefined) return methodFromData(account, data, 'payment_method_data')
  return id === undefined ? undefined : paymentMethodNamed(account, id)
}

interface Given {
  readonly billing_details: Details | undefined
  readonly changes: Record<string, string | null> | null | undefined
}

type Details = {
  email?: string | null
  name?: string | null
  address?: { postal_code?: string | null; country?: string | null }
}

function toBillingDetails({ email, name, address }: Details = {}): Partial<PaymentMethodRow['billing_details']> {
  return {
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(address?.postal_code !== undefined && { postal_code: address.postal_code }),
    ...(address?.country !== undefined && { country: address.country }),
  }
}
