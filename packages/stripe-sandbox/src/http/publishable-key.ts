import type { Request } from 'express'
import type { Account } from '../state/account.ts'
import { invalidRequest, StripeApiError, unauthorized } from './errors.ts'
import type { FormHash } from './form.ts'
import type { Answer } from './idempotency.ts'

/** What Stripe.js calls. */
const CALLS = new Set([
  'GET /v1/elements/sessions',
  'POST /v1/elements/payment_methods/{}/detach',
  'POST /v1/tokens',
  'POST /v1/confirmation_tokens',
  'POST /v1/payment_methods',
  'GET /v1/payment_intents/{}',
  'POST /v1/payment_intents/{}/confirm',
  'GET /v1/setup_intents/{}',
  'POST /v1/setup_intents/{}/confirm',
  'GET /v1/payment_pages/{}/elements',
  'POST /v1/payment_pages/{}/elements',
  'POST /v1/payment_pages/{}/elements/confirm',
])

/**
 * The fields of intents that Stripe marks as "retrievable with publishable key".
 *
 * @see https://docs.stripe.com/api/payment_intents/object
 * @see https://docs.stripe.com/api/setup_intents/object
 */
const PUBLIC_FIELDS = new Set([
  ...['id', 'object', 'amount', 'automatic_payment_methods', 'canceled_at', 'cancellation_reason', 'capture_method'],
  ...['client_secret', 'confirmation_method', 'created', 'currency', 'description', 'last_payment_error'],
  ...['last_setup_error', 'livemode', 'next_action', 'payment_method', 'payment_method_types', 'processing'],
  ...['receipt_email', 'setup_future_usage', 'shipping', 'status', 'usage'],
])

/**
 * The publishable key of a request by Stripe.js, which sends it as the parameter `key` and without an
 * `Authorization` header. Undefined for all other requests.
 */
export function publishableKeyOf(request: Request): string | undefined {
  const { key } = request.query
  if (request.get('authorization') !== undefined || typeof key !== 'string') return undefined
  return key.startsWith('pk_') ? key : undefined
}

/**
 * Admits a request by Stripe.js.
 *
 * @param call the route, such as `GET /v1/payment_intents/{}`.
 * @param id the intent in the path, or '' if the path has none.
 * @returns the parameters of the route.
 * @throws {StripeApiError} 401 for a live key.
 * @throws {StripeApiError} 403 if the route, or an intent without its client secret, needs a secret key.
 * @throws {StripeApiError} 400 for a wrong client secret.
 */
export function admitBrowser(
  account: Account,
  { publishableKey, call, id }: { publishableKey: string; call: string; id: string },
  form: FormHash,
): FormHash {
  if (!publishableKey.startsWith('pk_test_'))
    throw unauthorized('This is a sandbox: it accepts only test mode keys, never a live key.')
  const { key: _key, client_secret: secret, ...params } = form
  if (!CALLS.has(call) || (id !== '' && secret === undefined)) {
    throw new StripeApiError(403, {
      type: 'invalid_request_error',
      code: 'secret_key_required',
      message:
        'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
    })
  }
  const payment = account.paymentIntents.find(id)
  const setup = account.setupIntents.find(id)
  const intent = payment ?? setup ?? account.checkoutSessions.find(id)
  if (intent && intent.client_secret !== secret) {
    const noun = payment ? 'PaymentIntent' : setup ? 'SetupIntent' : 'Checkout Session'
    throw invalidRequest(`The client_secret provided does not match the client_secret associated with the ${noun}.`, {
      param: 'client_secret',
    })
  }
  return params
}

/**
 * Refuses a secret key where Stripe takes only publishable keys.
 *
 * @throws {StripeApiError} 403 in the sandbox's own words.
 */
export function refuseServer(call: string): void {
  if (call !== 'POST /v1/confirmation_tokens') return
  throw new StripeApiError(403, {
    type: 'invalid_request_error',
    message:
      'Only Stripe.js can create a confirmation token, with a publishable API key. In tests, create one at /v1/test_helpers/confirmation_tokens.',
  })
}

/**
 * Checks what Stripe.js may have expanded: the payment method of an intent. What is behind it, such as its customer, has
 * more than a publishable key may show.
 *
 * @throws {StripeApiError} 400 for any other path.
 */
export function admitExpansion(paths: readonly string[]): void {
  const refused = paths.find((path) => path !== 'payment_method')
  if (refused !== undefined) throw invalidRequest(`This property cannot be expanded (${refused}).`, { param: 'expand' })
}

/** An answer as Stripe.js gets it: without the fields of intents that need a secret key. */
export function publicAnswer({ status, body }: Answer): Answer {
  return { status, body: JSON.stringify(publicParts(JSON.parse(body))) }
}

function publicParts(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const isIntent = 'object' in value && (value.object === 'payment_intent' || value.object === 'setup_intent')
  const shown = Object.entries(value).filter(([name]) => !isIntent || PUBLIC_FIELDS.has(name))
  return Object.fromEntries(shown.map(([name, inner]) => [name, publicParts(inner)]))
}
