import type { RedactedPayload } from '../redacted-payload.ts'

/** What a field must look like to be shown. */
type Kind = 'id' | 'word' | 'number' | 'flag' | 'time'
type Shape = Kind | readonly [Shape] | { readonly [field: string]: Shape }

const price: Shape = {
  ...{ id: 'id', object: 'word', product: 'id', currency: 'word', unit_amount: 'number', active: 'flag', type: 'word' },
  recurring: { interval: 'word', interval_count: 'number', usage_type: 'word' },
}
const period: Shape = { start: 'time', end: 'time' }
const common = { id: 'id', object: 'word', livemode: 'flag', created: 'time', status: 'word', customer: 'id' } as const
const metadata: Shape = { accountId: 'id', userId: 'id', planId: 'id', planCode: 'word' }

/**
 * The fields of each type of object that may be shown: ids, states, amounts and times. What is not listed stays hidden,
 * such as names, addresses, cards, texts, client secrets, and everything that Stripe may add one day.
 */
const SHAPES: Readonly<Record<string, Shape>> = {
  subscription: {
    ...common,
    ...{
      collection_method: 'word',
      currency: 'word',
      latest_invoice: 'id',
      start_date: 'time',
      billing_cycle_anchor: 'time',
    },
    ...{ cancel_at: 'time', cancel_at_period_end: 'flag', canceled_at: 'time', ended_at: 'time' },
    ...{ current_period_start: 'time', current_period_end: 'time', trial_start: 'time', trial_end: 'time' },
    cancellation_details: { reason: 'word', feedback: 'word' },
    pause_collection: { behavior: 'word', resumes_at: 'time' },
    ...{ schedule: 'id', pending_setup_intent: 'id', quantity: 'number', metadata },
    items: {
      data: [
        {
          ...{ id: 'id', quantity: 'number', price },
          ...{ current_period_start: 'time', current_period_end: 'time' },
        },
      ],
    },
  },
  invoice: {
    ...common,
    ...{ number: 'word', billing_reason: 'word', collection_method: 'word', currency: 'word', subscription: 'id' },
    ...{ total: 'number', subtotal: 'number', amount_due: 'number', amount_paid: 'number', amount_remaining: 'number' },
    ...{ attempt_count: 'number', attempted: 'flag', next_payment_attempt: 'time', due_date: 'time' },
    ...{
      period_start: 'time',
      period_end: 'time',
      paid: 'flag',
      auto_advance: 'flag',
      payment_intent: 'id',
      charge: 'id',
    },
    status_transitions: { finalized_at: 'time', paid_at: 'time', voided_at: 'time', marked_uncollectible_at: 'time' },
    parent: { type: 'word', subscription_details: { subscription: 'id' } },
    lines: { data: [{ id: 'id', amount: 'number', currency: 'word', quantity: 'number', proration: 'flag', period }] },
  },
  'checkout.session': {
    ...common,
    ...{ mode: 'word', payment_status: 'word', currency: 'word', amount_subtotal: 'number', amount_total: 'number' },
    ...{
      subscription: 'id',
      invoice: 'id',
      payment_intent: 'id',
      expires_at: 'time',
      client_reference_id: 'id',
      metadata,
    },
  },
  charge: {
    ...common,
    ...{ amount: 'number', amount_captured: 'number', amount_refunded: 'number', currency: 'word' },
    ...{ paid: 'flag', captured: 'flag', refunded: 'flag', disputed: 'flag', failure_code: 'word' },
    ...{
      invoice: 'id',
      payment_intent: 'id',
      outcome: { type: 'word', reason: 'word', network_status: 'word', risk_level: 'word' },
    },
    payment_method_details: { type: 'word', card: { brand: 'word', country: 'word', funding: 'word' } },
  },
  payment_intent: {
    ...common,
    ...{ amount: 'number', amount_received: 'number', currency: 'word', invoice: 'id', latest_charge: 'id' },
    ...{
      canceled_at: 'time',
      cancellation_reason: 'word',
      last_payment_error: { code: 'word', decline_code: 'word', type: 'word' },
    },
  },
  refund: {
    ...common,
    ...{
      amount: 'number',
      currency: 'word',
      charge: 'id',
      payment_intent: 'id',
      reason: 'word',
      failure_reason: 'word',
    },
  },
  dispute: {
    ...common,
    ...{ amount: 'number', currency: 'word', charge: 'id', payment_intent: 'id', reason: 'word' },
    evidence_details: { due_by: 'time', has_evidence: 'flag', past_due: 'flag', submission_count: 'number' },
  },
  customer: { ...common, currency: 'word', balance: 'number', delinquent: 'flag', deleted: 'flag', metadata },
  product: { ...common, active: 'flag', default_price: 'id', metadata },
  price: { ...common, ...price, metadata },
}
const EVENT = {
  id: 'id',
  object: 'word',
  type: 'word',
  api_version: 'word',
  created: 'time',
  livemode: 'flag',
} as const

/** Reduces an event's payload to what an admin may see. */
export function redactStripeEvent(payload: Record<string, unknown>): RedactedPayload {
  const data = isObject(payload['data']) ? payload['data'] : {}
  const object = isObject(data['object']) ? data['object'] : {}
  const shape = SHAPES[String(object['object'])] ?? common
  const event = shownIn({ ...payload, data: {} }, EVENT)
  const [now, previous] = [shownIn(object, shape), shownIn(data['previous_attributes'] ?? {}, shape)]
  return {
    shown: {
      ...(isObject(event.value) ? event.value : {}),
      object: now.value ?? {},
      ...('previous_attributes' in data && { previous_attributes: previous.value ?? {} }),
    },
    hidden: event.hidden + now.hidden + previous.hidden,
  }
}

interface Shown {
  /** Undefined: not shown. */
  value: unknown
  hidden: number
}

function shownIn(value: unknown, shape: Shape | undefined): Shown {
  // What is empty says nothing, so hiding it is not worth counting.
  if (value === null) return { value: shape === undefined ? undefined : null, hidden: 0 }
  if (shape === undefined) return { value: undefined, hidden: countIn(value) }
  if (typeof shape === 'string') return shownLeaf(value, shape)
  if (isList(shape)) {
    if (!Array.isArray(value)) return { value: undefined, hidden: countIn(value) }
    const items = value.slice(0, MAXIMUM_ITEMS).map((item) => shownIn(item, shape[0]))
    const left = value.slice(MAXIMUM_ITEMS).reduce((sum: number, item) => sum + countIn(item), 0)
    return { value: items.map((item) => item.value), hidden: items.reduce((sum, { hidden }) => sum + hidden, left) }
  }
  // An expanded object is shown as its id.
  if (!isObject(value)) return { value: undefined, hidden: countIn(value) }
  const fields = Object.entries(value).map(
    ([name, field]) => [name, shownIn(field, Object.hasOwn(shape, name) ? shape[name] : undefined)] as const,
  )
  return {
    value: Object.fromEntries(fields.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
    hidden: fields.reduce((sum, [, { hidden }]) => sum + hidden, 0),
  }
}

/** Of a list, such as an invoice's lines. */
const MAXIMUM_ITEMS = 20

function shownLeaf(value: unknown, kind: Kind): Shown {
  if (kind === 'id' && isObject(value)) {
    const { value: id } = shownLeaf(value['id'], 'id')
    return { value: id, hidden: countIn(value) - (id === undefined ? 0 : 1) }
  }
  const text = typeof value === 'string' ? value : ''
  const isShown = {
    id: /^[\w-]{1,255}$/.test(text) && !text.includes('_secret'),
    word: /^[\w.-]{1,64}$/.test(text) && !text.includes('_secret'),
    number: typeof value === 'number',
    flag: typeof value === 'boolean',
    time: typeof value === 'number',
  }[kind]
  if (!isShown) return { value: undefined, hidden: countIn(value) }
  return { value: kind === 'time' && typeof value === 'number' ? momentOf(value) : value, hidden: 0 }
}

/** Unix seconds. */
function momentOf(seconds: number): string | number {
  const moment = new Date(seconds * 1000)
  return Number.isNaN(moment.getTime()) ? seconds : moment.toISOString()
}

function countIn(value: unknown): number {
  if (value === null || value === undefined) return 0
  if (typeof value !== 'object') return 1
  return Object.values(value).reduce((sum: number, inner) => sum + countIn(inner), 0)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape)
