import { createHmac } from 'node:crypto'

/**
 * The fields of a transaction that its HMAC covers, in this order and without separators.
 *
 * @see https://developers.paymob.com, "HMAC transaction callback"
 */
const TRANSACTION_FIELDS = [
  'amount_cents',
  'created_at',
  'currency',
  'error_occured',
  'has_parent_transaction',
  'id',
  'integration_id',
  'is_3d_secure',
  'is_auth',
  'is_capture',
  'is_refunded',
  'is_standalone_payment',
  'is_voided',
  'order.id',
  'owner',
  'pending',
  'source_data.pan',
  'source_data.sub_type',
  'source_data.type',
  'success',
]

const TOKEN_FIELDS = ['card_subtype', 'created_at', 'email', 'id', 'masked_pan', 'merchant_id', 'order_id', 'token']

/** The HMAC of a transaction callback, for the query of its URL. */
export function signTransaction(secret: string, obj: object): string {
  return sign(secret, textOf(obj, TRANSACTION_FIELDS))
}

/** The HMAC of a card token callback, for the query of its URL. */
export function signToken(secret: string, obj: object): string {
  return sign(secret, textOf(obj, TOKEN_FIELDS))
}

/** The HMAC of a subscription callback, for its body. It covers neither amount nor state nor time. */
export function signSubscription(secret: string, trigger: string, subscriptionId: number): string {
  return sign(secret, `${trigger}for${subscriptionId}`)
}

function sign(secret: string, text: string): string {
  return createHmac('sha512', secret).update(text).digest('hex')
}

function textOf(obj: object, fields: readonly string[]): string {
  return fields.map((field) => shown(valueAt(obj, field))).join('')
}

/** Booleans as `true` and `false`; what is missing as nothing. */
function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function valueAt(obj: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], obj)
}
