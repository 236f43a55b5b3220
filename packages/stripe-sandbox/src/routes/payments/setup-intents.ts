import { emit } from '../../events/emit.ts'
import { invalidRequest, type StripeApiError } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import {
  boolean,
  hash,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  returnUrl,
  string,
  timeRange,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { tokenIn, useToken } from '../../payments/confirmation-tokens.ts'
import { attachPaymentMethod, cardError, checkUsableBy } from '../../payments/payment-methods.ts'
import { DECLINES } from '../../payments/test-cards.ts'
import { insertSetupIntent, serializeSetupIntent } from '../../resources/setup-intent.ts'
import type { Account } from '../../state/account.ts'
import type { SetupIntentRow } from '../../state/rows/payment.ts'
import { methodIn, PAYMENT_METHOD_DATA } from '../customers/payment-methods.ts'
import { customerInParam, inPath } from '../lookup.ts'
import { keepMethods } from './automatic-methods.ts'
import { refuseOfCheckout } from './refuse-checkout.ts'

const CREATE = hash({
  confirm: boolean(),
  confirmation_token: string(),
  description: string(),
  customer: string(),
  metadata: metadata(),
  payment_method: string(),
  payment_method_data: PAYMENT_METHOD_DATA,
  return_url: returnUrl(),
  usage: oneOf('off_session', 'on_session'),
  allowed_payment_method_types: list(string()),
  payment_method_types: list(string()),
  automatic_payment_methods: hash({ enabled: boolean(), allow_redirects: oneOf('always', 'never') }),
})

const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  attach_to_self: boolean(),
  created: timeRange(),
  customer: string(),
  payment_method: string(),
})

export const setupIntentRoutes = [
  route('POST', '/setup_intents', CREATE, ({ account, params }) => {
    const customer = params.customer === undefined ? null : customerInParam(account, params.customer).id
    const token = tokenIn(account, params.confirmation_token)
    const method = methodIn(account, params)?.id ?? token?.method ?? null
    const row = insertSetupIntent(account, {
      customer,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      payment_method: method,
      status: method === null ? 'requires_payment_method' : 'requires_confirmation',
      return_url: params.return_url ?? token?.return_url ?? null,
    })
    emit(account, 'setup_intent.created', serializeSetupIntent(account, row))
    keepMethods(account, row.id, params.automatic_payment_methods)
    useToken(account, token, { setup_intent: row.id })
    return params.confirm ? confirm(account, row, method) : serializeSetupIntent(account, row)
  }),
  route('GET', '/setup_intents/:id', hash({ client_secret: string() }), ({ account, id }) =>
    serializeSetupIntent(account, inPath(account.setupIntents, id, 'setupintent', 'intent')),
  ),
  route(
    'POST',
    '/setup_intents/:id/confirm',
    hash({
      confirmation_token: string(),
      payment_method: string(),
      payment_method_data: PAYMENT_METHOD_DATA,
      return_url: returnUrl(),
    }),
    ({ account, id, params }) => {
      const row = inPath(account.setupIntents, id, 'setupintent', 'intent')
      refuseOfCheckout(account, row, 'SetupIntents')
      const token = tokenIn(account, params.confirmation_token)
      const method = methodIn(account, params)?.id ?? token?.method ?? row.payment_method
      const return_url = params.return_url ?? token?.return_url ?? undefined
      if (return_url !== undefined) account.setupIntents.patch(id, { return_url })
      useToken(account, token, { setup_intent: id })
      return confirm(account, row, method)
    },
  ),
  route(
    'POST',
    '/setup_intents/:id/cancel',
    hash({ cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer') }),
    ({ account, id }) => {
      const old = inPath(account.setupIntents, id, 'setupintent', 'intent')
      refuseOfCheckout(account, old, 'SetupIntents')
      const { status } = old
      if (status === 'succeeded' || status === 'canceled')
        throw unexpectedState(`You cannot cancel this SetupIntent because it has a status of ${status}.`)
      const row = account.setupIntents.patch(id, { status: 'canceled' })
      emit(account, 'setup_intent.canceled', serializeSetupIntent(account, row))
      return serializeSetupIntent(account, row)
    },
  ),
  route('GET', '/setup_intents', LIST, ({ account, params }) => {
    const rows = account.setupIntents
      .all()
      .filter(
        (row) =>
          isWithin(row.created, params.created) &&
          (params.attach_to_self === undefined ||
            (account.echoes.find(row.id)?.fields['attach_to_self'] ?? false) === params.attach_to_self) &&
          (params.customer === undefined || row.customer === params.customer) &&
          (params.payment_method === undefined || row.payment_method === params.payment_method),
      )
    return page('/v1/setup_intents', rows, params, (row) => serializeSetupIntent(account, row))
  }),
]

/**
 * Saves a card for later payments.
 *
 * @throws {StripeApiError} 400 if it can't be confirmed in its state, or has no payment method.
 * @throws {StripeApiError} 400 if the card is attached to another customer, or was detached from one.
 * @throws {StripeApiError} 402 if the card is declined; the intent's error and its event stay.
 */
function confirm(account: Account, intent: SetupIntentRow, method: string | null): unknown {
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    throw unexpectedState(`You cannot confirm this SetupIntent because its status is ${intent.status}.`)
  if (method === null)
    throw unexpectedState("You cannot confirm this SetupIntent because it's missing a payment method.")
  const card = account.paymentMethods.get(method)
  checkUsableBy(card, intent.customer, 'SetupIntent')
  const { behaviour, authenticated } = card
  if (behaviour.attach) {
    const refused = DECLINES[behaviour.attach]
    const row = account.setupIntents.patch(intent.id, {
      status: 'requires_payment_method',
      last_error: { ...refused, payment_method: method },
    })
    emit(account, 'setup_intent.setup_failed', serializeSetupIntent(account, row))
    throw cardError(refused, { keepsChanges: true })
  }
  if (behaviour.authentication !== 'never' && !authenticated) {
    const row = account.setupIntents.patch(intent.id, { status: 'requires_action', payment_method: method })
    emit(account, 'setup_intent.requires_action', serializeSetupIntent(account, row))
    return serializeSetupIntent(account, row)
  }
  if (intent.customer !== null) attachPaymentMethod(account, method, intent.customer)
  const row = account.setupIntents.patch(intent.id, { status: 'succeeded', payment_method: method, last_error: null })
  emit(account, 'setup_intent.succeeded', serializeSetupIntent(account, row))
  return serializeSetupIntent(account, row)
}

function unexpectedState(message: string): StripeApiError {
  return invalidRequest(message, { code: 'setup_intent_unexpected_state' })
}
