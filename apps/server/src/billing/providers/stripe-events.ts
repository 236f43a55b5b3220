import Stripe from 'stripe'
import { z } from 'zod'
import { SECOND } from '../../platform/durations.ts'
import { BadWebhook } from '../billing.errors.ts'
import type { ProviderNotice } from './payment-provider.ts'

/** Seconds after which a signature is too old; also what Stripe's own libraries use. */
const TOLERANCE = 300

const StripeEvent = z.looseObject({
  id: z.string().regex(/^evt_\w+$/).max(255),
  type: z.string().min(1).max(100),
  created: z.number().int(),
  livemode: z.boolean(),
  data: z.looseObject({
    object: z.looseObject({
      id: z.string().min(1),
      object: z.string(),
      customer: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
    }),
  }),
})

const KINDS: Record<string, NonNullable<ProviderNotice['subject']>['kind']> = {
  'checkout.session': 'checkout',
  subscription: 'subscription',
  invoice: 'invoice',
}

/**
 * Checks a webhook call against every secret in use, on the raw bytes, and reads the event.
 *
 * @throws {BadWebhook}
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
export function verifyStripeEvent(
  stripe: Stripe,
  secrets: readonly string[],
  rawBody: Buffer,
  signature: string | undefined,
): ProviderNotice {
  if (!signature) throw new BadWebhook('The Stripe-Signature header is missing.')
  const isSigned = secrets.some((secret) => isSignedWith(stripe, secret, rawBody, signature))
  if (!isSigned) throw new BadWebhook('The signature does not match, or is older than 300 seconds.')
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
 * Reads which object an event is about; the object's state in it is only a hint and never used.
 *
 * @throws {BadWebhook} for something that is no event, or one without its object's id.
 */
export function readStripeEvent(payload: unknown): ProviderNotice {
  const parsed = StripeEvent.safeParse(payload)
  if (!parsed.success) throw new BadWebhook("The body is not an event with its object's id.")
  const event = parsed.data
  const { object } = event.data
  const kind = KINDS[object.object]
  return {
    id: event.id,
    type: event.type,
    isLive: event.livemode,
    occurredAt: new Date(event.created * SECOND),
    customerId: typeof object.customer === 'object' ? (object.customer?.id ?? null) : (object.customer ?? null),
    subject: kind ? { kind, id: object.id } : null,
    payload: event,
  }
}
