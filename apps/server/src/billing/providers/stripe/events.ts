import type Stripe from 'stripe'
import { z } from 'zod'
import { SECOND } from '../../../platform/durations.ts'
import { BadWebhook } from '../../billing.errors.ts'
import type { ProviderChange, WebhookCall } from '../payment-provider.ts'
import { STRIPE_NEWS } from './event-types.ts'

/** Maximum age of a signature, in seconds. Stripe's own libraries use the same. */
const TOLERANCE = 300

/** The end of the year 9999, in milliseconds: the latest time with a year of four digits. */
const LATEST = 253_402_300_799_999

/** What makes a body an event. A field of an unexpected type counts as missing. */
const StripeEvent = z.looseObject({
  id: z
    .string()
    .regex(/^evt_\w+$/)
    .max(255),
  // Printable ASCII, because people filter by this column.
  type: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  /** Unix seconds. The thin events of the v2 API have an ISO 8601 time. */
  created: z
    .union([
      z.number().transform((seconds) => seconds * SECOND),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ])
    .pipe(z.int().min(0).max(LATEST))
    .nullable()
    .catch(null),
  livemode: z.boolean().catch(false),
  /** Thin events have none. */
  data: z
    .looseObject({ object: z.unknown(), previous_attributes: z.looseObject({}).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})
const Identified = z.looseObject({ id: z.string().min(1).max(255), object: z.string() })

/** The fields that are read from an event's object. A field of an unexpected type counts as missing. */
const reference = z
  .union([z.string(), z.looseObject({ id: z.string() })])
  .nullish()
  .transform((value) => (typeof value === 'object' ? (value?.id ?? null) : (value ?? null)))
  .catch(null)
const items = z
  .looseObject({ data: z.array(z.looseObject({ id: z.string(), price: reference })) })
  .optional()
  .catch(undefined)
const Subject = z.looseObject({
  customer: reference,
  subscription: reference,
  payment_intent: reference,
  parent: z
    .looseObject({ subscription_details: z.looseObject({ subscription: reference }).nullish() })
    .nullish()
    .catch(null),
  items,
})
const Previous = z.looseObject({ items })

/**
 * Checks the signature of a webhook call's raw bytes against every secret in use, and reads the event.
 *
 * @throws {BadWebhook}
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
export function verifyStripeEvent(
  stripe: Stripe,
  secrets: readonly string[],
  { rawBody, headers }: WebhookCall,
): ProviderChange {
  const signature = headers['stripe-signature']
  if (typeof signature !== 'string') throw new BadWebhook('The Stripe-Signature header is missing.')
  const isSigned = secrets.some((secret) => isSignedWith(stripe, secret, rawBody, signature))
  if (!isSigned) throw new BadWebhook('The signature is wrong or older than 300 seconds.')
  return readStripeEvent(parseJson(rawBody))
}

function isSignedWith(stripe: Stripe, secret: string, rawBody: Buffer, signature: string): boolean {
  try {
    return stripe.webhooks.signature?.verifyHeader(rawBody, signature, secret, TOLERANCE) ?? false
  } catch {
    return false
  }
}

function parseJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'))
  } catch {
    throw new BadWebhook('The body is not JSON.')
  }
}

/**
 * Reads which object an event is about. The object's state in the event may be outdated, so it is never used.
 *
 * Some events are about no object with an id, such as `balance.available`, `invoice.upcoming`, and the thin events of
 * the v2 API. They have no subject.
 *
 * @throws {BadWebhook} if it is not an event.
 * @see https://docs.stripe.com/event-destinations#thin-events
 */
export function readStripeEvent(payload: unknown): ProviderChange {
  const parsed = StripeEvent.safeParse(payload)
  if (!parsed.success || !isObject(payload))
    throw new BadWebhook('The body is not an event: it needs an `id` and a `type` of an event.')
  const { id, type, created, livemode, data } = parsed.data
  const object = Identified.safeParse(data?.object).data
  const event = {
    id,
    type,
    news: STRIPE_NEWS[type] ?? null,
    isLiveMode: livemode,
    occurredAt: new Date(created ?? Date.now()),
    payload,
  }
  if (!object) return { ...event, ...NO_SUBJECT }

  const about = Subject.parse(object)
  return {
    ...event,
    customerId: object.object === 'customer' ? object.id : about.customer,
    subject: subjectOf(object, about.payment_intent),
    subscriptionHint:
      object.object === 'subscription'
        ? object.id
        : (about.subscription ?? about.parent?.subscription_details?.subscription ?? null),
    previous: previousOf(data?.previous_attributes ?? {}, about.items?.data ?? []),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const NO_SUBJECT = {
  customerId: null,
  subject: null,
  subscriptionHint: null,
  previous: { items: [], isEndChanged: false, isPauseChanged: false },
} as const

function subjectOf(object: { id: string; object: string }, paymentIntent: string | null): ProviderChange['subject'] {
  switch (object.object) {
    case 'checkout.session':
      return { kind: 'checkout', id: object.id }
    case 'subscription':
    case 'invoice':
    case 'customer':
    case 'product':
    case 'price':
    case 'promotion_code':
    case 'coupon':
      return { kind: object.object, id: object.id }
    case 'charge':
    case 'refund':
    case 'dispute':
      return paymentIntent ? { kind: 'payment', id: paymentIntent } : null
    default:
      return null
  }
}

/** Stripe's portal marks a cancellation with a date (`cancel_at`), the API with a flag (`cancel_at_period_end`). */
function previousOf(
  attributes: Record<string, unknown>,
  present: readonly { id: string; price: string | null }[],
): ProviderChange['previous'] {
  const previous = Previous.parse(attributes)
  const items = previous.items?.data.flatMap(({ id, price }) => (price ? [{ id, priceId: price }] : [])) ?? []
  return {
    items: items.filter(({ id, priceId }) => !present.some((item) => item.id === id && item.price === priceId)),
    isEndChanged: 'cancel_at_period_end' in attributes || 'cancel_at' in attributes,
    isPauseChanged: 'pause_collection' in attributes,
  }
}
