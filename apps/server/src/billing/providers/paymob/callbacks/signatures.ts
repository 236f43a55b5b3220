import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The fields that the HMAC of a transaction covers, in this order and without separators.
 *
 * @see https://developers.paymob.com, "HMAC transaction callback"
 */
export const TRANSACTION_FIELDS = [
  ...['amount_cents', 'created_at', 'currency', 'error_occured', 'has_parent_transaction', 'id', 'integration_id'],
  ...[
    'is_3d_secure',
    'is_auth',
    'is_capture',
    'is_refunded',
    'is_standalone_payment',
    'is_voided',
    'order.id',
    'owner',
  ],
  ...['pending', 'source_data.pan', 'source_data.sub_type', 'source_data.type', 'success'],
] as const

/** The fields that the HMAC of a saved card covers. */
export const TOKEN_FIELDS = [
  ...['card_subtype', 'created_at', 'email', 'id', 'masked_pan', 'merchant_id', 'order_id', 'token'],
] as const

/** The text that the HMAC of an object covers. Its numbers must be the texts that were sent (`parseRaw`). */
export function signedText(object: unknown, fields: readonly string[]): string {
  return fields.map((field) => shown(valueAt(object, field) ?? orderOf(object, field))).join('')
}

/** A renewal may have its order's id in place of the order, as lists of transactions have it. */
const orderOf = (object: unknown, field: string): unknown => (field === 'order.id' ? valueAt(object, 'order') : null)

/** The same of the query that a customer comes back with: its fields are flat, and the order has another name. */
export function signedQueryText(query: Readonly<Record<string, string | undefined>>): string {
  return TRANSACTION_FIELDS.map((field) => query[field === 'order.id' ? 'order' : field] ?? '').join('')
}

/** The text that the HMAC of a subscription covers: neither its amount nor its state nor a time. */
export const signedTrigger = (trigger: string, subscriptionId: string): string => `${trigger}for${subscriptionId}`

/** Compares in constant time. */
export function isSigned(secret: string, text: string, hmac: string | undefined): boolean {
  const expected = createHmac('sha512', secret).update(text).digest()
  const given = Buffer.from(/^[0-9a-f]{128}$/i.test(hmac ?? '') ? (hmac ?? '') : '', 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Parses JSON, and keeps each number as the text that was sent: `100.0` stays `100.0`, and no digit gets lost. */
export function parseRaw(text: string): unknown {
  return JSON.parse(text, keepNumbers)
}

function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value
}

function valueAt(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : null),
      object,
    )
}

/** Booleans as `true` and `false`; what is missing as nothing. */
function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
