import { missingParam } from '../../http/errors.ts'
import {
  hash,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  returnUrl,
  string,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeConfirmationToken } from '../../resources/confirmation-token.ts'
import type { Account } from '../../state/account.ts'
import { HOUR } from '../../time.ts'
import { ADDRESS, NO_ADDRESS } from '../customers/customer-fields.ts'
import { methodIn, PAYMENT_METHOD_DATA } from '../customers/payment-methods.ts'
import { inPath } from '../lookup.ts'

const FIELDS = {
  metadata: metadata(),
  payment_method: string(),
  payment_method_data: PAYMENT_METHOD_DATA,
  return_url: returnUrl(),
  setup_future_usage: oneOf('off_session', 'on_session'),
  shipping: hash({ address: required(ADDRESS), name: required(string()), phone: string() }),
}
const CREATE = hash(FIELDS)

/**
 * Stripe.js creates a token with a publishable key, and tests with a secret key.
 *
 * @see https://docs.stripe.com/api/confirmation_tokens
 */
export const confirmationTokenRoutes = [
  route('POST', '/confirmation_tokens', CREATE, ({ account, params }) => create(account, params)),
  route('POST', '/test_helpers/confirmation_tokens', CREATE, ({ account, params }) => create(account, params)),
  route('GET', '/confirmation_tokens/:id', hash({}), ({ account, id }) =>
    serializeConfirmationToken(account, inPath(account.confirmationTokens, id, 'confirmation_token')),
  ),
]

function create(account: Account, params: ParamValue<typeof CREATE>): unknown {
  const method = methodIn(account, params)
  if (!method) throw missingParam('payment_method_data')
  const { return_url = null, setup_future_usage = null, shipping } = params
  const created = account.now()
  const row = account.confirmationTokens.insert({
    id: newId('ctoken'),
    created,
    expires_at: created + 12 * HOUR,
    metadata: mergeMetadata({}, params.metadata),
    method: method.id,
    payment_intent: null,
    setup_intent: null,
    return_url,
    setup_future_usage,
    shipping: shipping
      ? { name: shipping.name, phone: shipping.phone ?? null, address: { ...NO_ADDRESS, ...shipping.address } }
      : null,
  })
  return serializeConfirmationToken(account, row)
}
