import type { RedactedPayload } from '../../redacted-payload.ts'

/** What is shown of a callback: ids, states, amounts and times. Addresses, names, cards and tokens are not. */
const SHOWN: ReadonlySet<string> = new Set([
  ...['type', 'trigger_type', 'transaction_id', 'paymob_request_id'],
  ...transaction(
    'id',
    'pending',
    'success',
    'amount_cents',
    'currency',
    'created_at',
    'integration_id',
    'error_occured',
  ),
  ...transaction('is_auth', 'is_capture', 'is_refunded', 'is_voided', 'is_refund', 'is_void', 'is_3d_secure'),
  ...transaction('refunded_amount_cents', 'parent_transaction', 'has_parent_transaction', 'order_id'),
  ...transaction('order.id', 'order.merchant_order_id', 'source_data.type', 'source_data.sub_type'),
  ...subscription('id', 'plan_id', 'state', 'amount_cents', 'frequency', 'starts_at', 'next_billing', 'ends_at'),
  ...subscription('resumed_at', 'suspended_at', 'retrial_days', 'initial_transaction', 'created_at', 'updated_at'),
])

function transaction(...names: string[]): string[] {
  return names.map((name) => `obj.${name}`)
}

function subscription(...names: string[]): string[] {
  return names.map((name) => `subscription_data.${name}`)
}

/** Maximum length of a text that is shown. */
const LONGEST = 100

export function redactCallback(payload: Record<string, unknown>): RedactedPayload {
  const { value, hidden } = shownIn(payload, '')
  return { shown: isObject(value) ? value : {}, hidden }
}

/** What is empty says nothing, so hiding it is not counted. */
function shownIn(value: unknown, path: string): { value: unknown; hidden: number } {
  if (isObject(value) && !Array.isArray(value)) {
    const fields = Object.entries(value).map(([name, field]) => ({
      name,
      ...shownIn(field, path === '' ? name : `${path}.${name}`),
    }))
    const kept = fields.flatMap((field) => (field.value === undefined ? [] : [[field.name, field.value] as const]))
    return {
      value: kept.length > 0 ? Object.fromEntries(kept) : undefined,
      hidden: fields.reduce((sum, { hidden }) => sum + hidden, 0),
    }
  }
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  const isShort = typeof value !== 'string' || value.length <= LONGEST
  if (isPlain && isShort && SHOWN.has(path)) return { value, hidden: 0 }
  return { value: undefined, hidden: countIn(value) }
}

function countIn(value: unknown): number {
  if (value === null || value === undefined) return 0
  if (typeof value !== 'object') return 1
  return Object.values(value).reduce((sum: number, inner) => sum + countIn(inner), 0)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
