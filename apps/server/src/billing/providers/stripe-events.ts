import type Stripe from 'stripe'
import { z } from 'zod'
import { SECOND } from '../../platform/durations.ts'
import { BadWebhook } from '../billing.errors.ts'
import type { ProviderChange } from './payment-provider.ts'

/** Maximum age of a signature, in seconds. Stripe's own libraries use the same. */
const TOLERANCE = 300

const StripeEvent = z.looseObject({
  id: z
    .string()
    .regex(/^evt_\w+$/)
    .max(255),
  // Printable ASCII, because people filter by this column.
  type: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  created: z.number().int().min(0).max(253_402_300_799),
  livemode: z.boolean(),
  data: z.looseObject({
    object: z.looseObject({ id: z.string().min(1), object: z.string() }),
    previous_attributes: z.looseObject({}).optional(),
  }),
})

/** The fields that are read from an event's object. A field of an unexpected type counts as missing. */
const reference = z
  .union([z.string(), z.looseObject({ id: z.string() })])
  .nullish()
  .transform((value) => (typeof value === 'object' ? (value?.id ?? null) : (value ?? null)))
  .catch(null)
const items = z
  .looseObject({ data: z.array(z.looseObject({ price: reference })) })
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
const Previous = z.looseObject({
  items,
  cancel_at_period_end: z.unknown().optional(),
  cancel_at: z.unknown().optional(),
})

/**
 * Checks the signature of a webhook call's raw bytes against every secret in use, and reads the event.
 *
 * @throws {BadWebhook}
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
export function verifyStripeEvent(
  stripe: Stripe,
  secrets: readonly string[],
  rawBody: Buffer,
  signature: string | undefined,
): ProviderChange {
  if (!signature) throw new BadWebhook('The Stripe-Signature header is missing.')
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
 * @throws {BadWebhook} if it is not an event, or its object has no id.
 */
export function readStripeEvent(payload: unknown): ProviderChange {
  const parsed = StripeEvent.safeParse(payload)
  if (!parsed.success) throw new BadWebhook('The body is not an event, or its object has no id.')
  const event = parsed.data
  const { object, previous_attributes } = event.data
  const about = Subject.parse(object)
  return {
    id: event.id,
    type: event.type,
    isLiveMode: event.livemode,
    occurredAt: new Date(event.created * SECOND),
    customerId: object.object === 'customer' ? object.id : about.customer,
    subject: subjectOf(object, about.payment_intent),
    subscriptionHint:
      object.object === 'subscription'
        ? object.id
        : (about.subscription ?? about.parent?.subscription_details?.subscription ?? null),
    previous: previousOf(previous_attributes ?? {}, about.items?.data[0]?.price ?? null),
    payload: event,
  }
}

function subjectOf(object: { id: string; object: string }, paymentIntent: string | null): ProviderChange['subject'] {
  switch (object.object) {
    case 'checkout.session':
      return { kind: 'checkout', id: object.id }
    case 'subscription':
    case 'invoice':
    case 'customer':
    case 'product':
    case 'price':
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
function previousOf(attributes: Record<string, unknown>, presentPriceId: string | null): ProviderChange['previous'] {
  const previous = Previous.parse(attributes)
  const priceId = previous.items?.data[0]?.price ?? null
  return {
    priceId: priceId === presentPriceId ? null : priceId,
    isCancellation: previous.cancel_at_period_end === false || previous.cancel_at === null,
  }
}
