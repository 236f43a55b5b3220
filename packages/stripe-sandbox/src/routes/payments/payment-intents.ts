import { payInvoiceWith } from '../../billing/pay-invoice.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, type StripeApiError } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import {
  boolean,
  either,
  clearable,
  hash,
  integer,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  returnUrl,
  string,
  timeRange,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { capturePayment } from '../../payments/capture.ts'
import { cancelPaymentIntent, chargeCard, createPaymentIntent } from '../../payments/charge-card.ts'
import { tokenIn, useToken } from '../../payments/confirmation-tokens.ts'
import { attachPaymentMethod, cardError, checkUsableBy } from '../../payments/payment-methods.ts'
import { serializePaymentIntent } from '../../resources/payment-intent.ts'
import type { Account } from '../../state/account.ts'
import type { PaymentIntentRow } from '../../state/rows/payment.ts'
import { methodIn, PAYMENT_METHOD_DATA } from '../customers/payment-methods.ts'
import { checkAmount, checkMinimum, customerInParam, inPath } from '../lookup.ts'
import { keepMethods } from './automatic-methods.ts'
import { refuseOfCheckout } from './refuse-checkout.ts'

const CAPTURE_METHOD = oneOf('automatic', 'automatic_async', 'manual')
/** Of the options of payment methods, only this one of cards has an effect. */
const METHOD_OPTIONS = hash({ card: clearable(hash({ capture_method: clearable(oneOf('manual')) })) })
const COMMON = {
  allowed_payment_method_types: list(string()),
  // Sent by clients of older API versions, such as the Stripe CLI's fixtures.
  payment_method_types: list(string()),
  description: clearable(string()),
  metadata: metadata(),
  payment_method: string(),
  payment_method_data: PAYMENT_METHOD_DATA,
  payment_method_options: METHOD_OPTIONS,
  receipt_email: clearable(string()),
  setup_future_usage: oneOf('off_session', 'on_session'),
}
const CREATE = hash({
  ...COMMON,
  amount: required(integer({ min: 1, max: 99_999_999 })),
  currency: required(currencyCode()),
  confirm: boolean(),
  confirmation_token: string(),
  confirmation_method: oneOf('automatic', 'manual'),
  customer: string(),
  off_session: either(['one_off', 'recurring'], boolean()),
  return_url: returnUrl(),
  automatic_payment_methods: hash({ enabled: required(boolean()), allow_redirects: oneOf('always', 'never') }),
  statement_descriptor: string({ max: 22 }),
  capture_method: CAPTURE_METHOD,
})
const UPDATE = hash({
  ...COMMON,
  capture_method: CAPTURE_METHOD,
  amount: integer({ min: 1, max: 99_999_999 }),
  currency: currencyCode(),
  customer: string(),
})
const CONFIRM = hash({
  confirmation_token: string(),
  amount_to_confirm: integer({ min: 1 }),
  capture_method: CAPTURE_METHOD,
  payment_method: string(),
  payment_method_data: PAYMENT_METHOD_DATA,
  payment_method_options: METHOD_OPTIONS,
  return_url: returnUrl(),
  off_session: either(['one_off', 'recurring'], boolean()),
  receipt_email: clearable(string()),
  setup_future_usage: oneOf('off_session', 'on_session'),
})

const CAPTURE = hash({
  amount_to_capture: integer({ min: 1 }),
  metadata: metadata(),
})

export const paymentIntentRoutes = [
  route('POST', '/payment_intents', CREATE, ({ account, params }) => {
    if (params.customer !== undefined) customerInParam(account, params.customer)
    const currency = params.currency
    checkAmount(params.amount, currency, 'amount')
    checkMinimum(params.amount, currency)
    const token = tokenIn(account, params.confirmation_token)
    const method = methodIn(account, params) ?? (token && account.paymentMethods.get(token.method))
    const row = createPaymentIntent(account, {
      amount: params.amount,
      currency,
      customer: params.customer ?? null,
      ...(params.capture_method && { capture_method: params.capture_method }),
      ...(params.confirmation_method === 'manual' && { confirmation_method: params.confirmation_method }),
      ...cardOptions(params.payment_method_options),
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      payment_method: method?.id ?? null,
      return_url: params.return_url ?? token?.return_url ?? null,
      setup_future_usage: params.setup_future_usage ?? token?.setup_future_usage ?? null,
      status: method ? 'requires_confirmation' : 'requires_payment_method',
    })
    keepMethods(account, row.id, params.automatic_payment_methods)
    useToken(account, token, { payment_intent: row.id })
    return params.confirm ? confirm(account, row, method?.id) : serializePaymentIntent(account, row)
  }),
  route('GET', '/payment_intents/:id', hash({ client_secret: string() }), ({ account, id }) =>
    serializePaymentIntent(account, theIntent(account, id)),
  ),
  route('POST', '/payment_intents/:id', UPDATE, ({ account, id, params }) => {
    const old = theIntent(account, id)
    const {
      allowed_payment_method_types: _types,
      payment_method_types: _old,
      receipt_email: _email,
      metadata: given,
      payment_method,
      payment_method_data,
      payment_method_options,
      currency = old.currency,
      ...fields
    } = params
    if (Object.keys(params).some((name) => name !== 'description' && name !== 'metadata'))
      refuseOfCheckout(account, old, 'PaymentIntents')
    checkAmount(fields.amount ?? old.amount, currency, 'amount')
    if (fields.amount !== undefined) checkMinimum(fields.amount, currency)
    if (['succeeded', 'canceled', 'requires_capture'].includes(old.status))
      throw unexpectedState(`This PaymentIntent's status is ${old.status}: it can't be updated in this way.`)
    const method = methodIn(account, {
      ...(payment_method !== undefined && { payment_method }),
      ...(payment_method_data && { payment_method_data }),
    })?.id
    const row = account.paymentIntents.patch(id, {
      ...fields,
      currency,
      ...cardOptions(payment_method_options),
      metadata: mergeMetadata(old.metadata, given),
      ...(method !== undefined && { payment_method: method, status: 'requires_confirmation' }),
    })
    return serializePaymentIntent(account, row)
  }),
  route('POST', '/payment_intents/:id/confirm', CONFIRM, ({ account, id, params }) => {
    const row = theIntent(account, id)
    refuseOfCheckout(account, row, 'PaymentIntents')
    const token = tokenIn(account, params.confirmation_token)
    const method = methodIn(account, params)?.id ?? token?.method
    const { amount_to_confirm: amount = row.amount, capture_method, payment_method_options } = params
    const return_url = params.return_url ?? token?.return_url ?? undefined
    const setup_future_usage = params.setup_future_usage ?? token?.setup_future_usage ?? undefined
    if (amount !== row.amount)
      throw invalidRequest(
        `The amount to confirm is ${amount}, but the amount of this PaymentIntent is ${row.amount}.`,
        {
          param: 'amount_to_confirm',
        },
      )
    account.paymentIntents.patch(id, {
      ...(capture_method && { capture_method }),
      ...cardOptions(payment_method_options),
      ...(return_url !== undefined && { return_url }),
      ...(setup_future_usage !== undefined && { setup_future_usage }),
    })
    useToken(account, token, { payment_intent: id })
    return confirm(account, account.paymentIntents.get(id), method)
  }),
  route('POST', '/payment_intents/:id/capture', CAPTURE, ({ account, id, params }) => {
    const { amount_to_capture, metadata: given } = params
    const row = capturePayment(account, theIntent(account, id), amount_to_capture)
    return serializePaymentIntent(
      account,
      account.paymentIntents.patch(id, { metadata: mergeMetadata(row.metadata, given) }),
    )
  }),
  route(
    'POST',
    '/payment_intents/:id/cancel',
    hash({ cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer') }),
    ({ account, id, params }) => {
      const row = theIntent(account, id)
      if (row.status === 'succeeded' || row.status === 'canceled')
        throw unexpectedState(
          `You cannot cancel this PaymentIntent because it has a status of ${row.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
        )
      refuseOfCheckout(account, row, 'PaymentIntents')
      if (row.invoice !== null)
        throw unexpectedState('You cannot cancel PaymentIntents created by invoices. You can void the invoice instead.')
      return serializePaymentIntent(account, cancelPaymentIntent(account, id, params.cancellation_reason ?? null))
    },
  ),
  route(
    'GET',
    '/payment_intents',
    hash({ ...PAGE, ...UNMATCHED, created: timeRange(), customer: string() }),
    ({ account, params }) => {
      const rows = (
        params.customer === undefined
          ? account.paymentIntents.all()
          : account.paymentIntents.by('customer', params.customer)
      ).filter((row) => isWithin(row.created, params.created))
      return page('/v1/payment_intents', rows, params, (row) => serializePaymentIntent(account, row))
    },
  ),
]

/**
 * Charges a payment intent.
 *
 * @throws {StripeApiError} 400 if it can't be confirmed in its state, or has no payment method.
 * @throws {StripeApiError} 400 if the payment method is attached to another customer, or was detached from one.
 * @throws {StripeApiError} 402 if the card is declined; the charge and its events stay.
 */
function confirm(account: Account, intent: PaymentIntentRow, given: string | undefined): unknown {
  if (['succeeded', 'canceled', 'requires_capture'].includes(intent.status))
    throw unexpectedState(
      `You cannot confirm this PaymentIntent because it has already ${intent.status === 'canceled' ? 'been canceled' : 'succeeded after being previously confirmed'}.`,
    )
  const method = given ?? intent.payment_method
  if (method === null)
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    )
  checkUsableBy(account.paymentMethods.get(method), intent.customer)
  const outcome =
    intent.invoice === null
      ? chargeCard(account, intent.id, method, { authenticated: intent.authenticated ?? false })
      : payInvoiceWith(account, intent.invoice, method)
  const shown = (): unknown => serializePaymentIntent(account, account.paymentIntents.get(intent.id))
  if (outcome.kind === 'declined') throw cardError(outcome.decline, { payment_intent: shown(), keepsChanges: true })
  if (outcome.kind === 'succeeded' && intent.customer !== null && intent.setup_future_usage !== null)
    attachPaymentMethod(account, method, intent.customer)
  return shown()
}

/** What the options for cards change. */
const cardOptions = ({ card }: ParamValue<typeof METHOD_OPTIONS> = {}) =>
  card?.capture_method === undefined ? {} : { card_capture_method: card.capture_method ?? undefined }

function theIntent(account: Account, id: string): PaymentIntentRow {
  return inPath(account.paymentIntents, id, 'payment_intent', 'intent')
}

function unexpectedState(message: string): StripeApiError {
  return invalidRequest(message, { code: 'payment_intent_unexpected_state' })
}
