import { createHash } from 'node:crypto'
import { z } from 'zod'
import { BadWebhook } from '../../../billing.errors.ts'
import type { ProviderChange, WebhookCall } from '../../payment-provider.ts'
import type { PaymobCalendar } from '../dates.ts'
import { itemIdOf, readNotes } from '../notes.ts'
import {
  isSigned,
  parseRaw,
  signedQueryText,
  signedText,
  signedTrigger,
  TOKEN_FIELDS,
  TRANSACTION_FIELDS,
} from './signatures.ts'

interface Reader {
  hmacSecret: string
  isLiveMode: boolean
  calendar: PaymobCalendar
}

const id = z.union([z.int(), z.string().regex(/^\d{1,30}$/)]).transform(String)
const stamp = z.string().max(60).nullish().catch(null)

const PaymentCallback = z.object({
  type: z.enum(['TRANSACTION', 'TOKEN']),
  obj: z.object({ id, created_at: stamp, success: z.unknown().optional(), parent_transaction: z.unknown().optional() }),
})
const SubscriptionCallback = z.object({
  // The list of triggers is not documented, so it is stored as it is. People filter by it.
  trigger_type: z.string().regex(/^[\x20-\x7e]{1,80}$/),
  subscription_data: z.object({ id, updated_at: stamp, webhook_url: z.string().nullish().catch(null) }),
  hmac: z.unknown().optional(),
})

/**
 * Checks the HMAC of a callback, and reads which object it is about. A call without a body is a customer who comes back
 * from the checkout page: then the query is signed.
 *
 * @throws {BadWebhook}
 */
export function verifyCallback(reader: Reader, { rawBody, query }: WebhookCall): ProviderChange {
  if (rawBody.length === 0) return verifyReturn(reader, query)
  const text = rawBody.toString('utf8')
  const raw = parseOrRefuse(text)
  const subscription = SubscriptionCallback.safeParse(raw).data
  const payment = PaymentCallback.safeParse(raw).data
  if (!subscription && !payment) throw new BadWebhook('The body is not a callback of Paymob.')
  const [signed, hmac] = subscription
    ? [signedTrigger(subscription.trigger_type, subscription.subscription_data.id), subscription.hmac]
    : [signedText(objectIn(raw), payment?.type === 'TOKEN' ? TOKEN_FIELDS : TRANSACTION_FIELDS), query['hmac']]
  if (!isSigned(reader.hmacSecret, signed, typeof hmac === 'string' ? hmac : undefined))
    throw new BadWebhook('The HMAC is missing or wrong.')
  return readCallback(reader, JSON.parse(text))
}

function verifyReturn(reader: Reader, query: WebhookCall['query']): ProviderChange {
  if (!isSigned(reader.hmacSecret, signedQueryText(query), query['hmac']))
    throw new BadWebhook('The HMAC is missing or wrong.')
  const { hmac: _, order, ...fields } = query
  return readCallback(reader, { type: 'TRANSACTION', obj: { ...fields, order: { id: order } } })
}

function parseOrRefuse(text: string): unknown {
  try {
    return parseRaw(text)
  } catch {
    throw new BadWebhook('The body is not JSON.')
  }
}

const objectIn = (raw: unknown): unknown => (isObject(raw) ? raw['obj'] : null)

/**
 * Reads which object a callback is about. Nothing else of it is used: a subscription's HMAC covers neither its state nor
 * its amount, and can be replayed forever.
 *
 * Its id is made from all of its content, because Paymob gives callbacks none. So the same callback again is not new,
 * however old it is, and a second true event with the same trigger is, because it differs somewhere: a date, an amount, a
 * time, the id of its request. What someone else changes in a replay makes it new, too, and only costs a look at Paymob.
 *
 * @throws {BadWebhook} if it is not a callback.
 */
export function readCallback({ isLiveMode, calendar }: Omit<Reader, 'hmacSecret'>, payload: unknown): ProviderChange {
  if (!isObject(payload)) throw new BadWebhook('The body is not a callback of Paymob.')
  const { kind, objectId, at, ...said } = readContent(payload)
  return {
    ...said,
    id: `${kind}:${objectId}:${digest(payload)}`,
    isLiveMode,
    occurredAt: momentOf(at, calendar),
    customerId: null,
    // No one has to know of a saved card.
    subject: kind === 'card' ? null : { kind, id: objectId },
    subscriptionHint: kind === 'subscription' ? objectId : null,
    payload,
  }
}

interface Content extends Pick<ProviderChange, 'type' | 'news' | 'previous'> {
  kind: 'subscription' | 'payment' | 'card'
  objectId: string
  at: string | null | undefined
}

function readContent(payload: Record<string, unknown>): Content {
  const subscription = SubscriptionCallback.safeParse(payload).data
  if (subscription) {
    const { trigger_type: type, subscription_data } = subscription
    return {
      ...{ kind: 'subscription', objectId: subscription_data.id, at: subscription_data.updated_at, type },
      ...newsOf(type.toLowerCase(), subscription_data),
    }
  }
  const payment = PaymentCallback.safeParse(payload).data
  if (!payment) throw new BadWebhook('The body is not a callback of Paymob.')
  const { type, obj } = payment
  const isPayment = type === 'TRANSACTION' && (obj.parent_transaction ?? null) === null
  return {
    ...{ kind: type === 'TOKEN' ? 'card' : 'payment', objectId: obj.id, at: obj.created_at, type },
    ...{ news: isPayment ? (String(obj.success) === 'true' ? 'paid' : 'payment-failed') : null, previous: NOTHING },
  }
}

const NOTHING = { items: [], isEndChanged: false, isPauseChanged: false } as const

/** Only which mail may be due. What it says, and whether it is sent, is decided by what is fetched. */
function newsOf(
  trigger: string,
  { id, webhook_url = null }: { id: string; webhook_url?: string | null | undefined },
): Pick<ProviderChange, 'news' | 'previous'> {
  switch (trigger) {
    case 'register_webhook': {
      // We have just noted that a plan change is finished.
      const { formerPriceId: priceId } = readNotes({ id, webhook_url })
      const items = priceId ? [{ id: itemIdOf(id), priceId }] : []
      return { news: priceId ? 'updated' : null, previous: { ...NOTHING, items } }
    }
    case 'canceled':
    case 'cancelled':
      return { news: 'ended', previous: NOTHING }
    case 'updated':
      return { news: 'updated', previous: { ...NOTHING, isEndChanged: true } }
    case 'suspended':
    case 'resumed':
      return { news: 'updated', previous: { ...NOTHING, isPauseChanged: true } }
    default:
      // The callback of the payment itself may go elsewhere: its URL is set in Paymob's dashboard.
      if (trigger.includes('fail')) return { news: 'payment-failed', previous: NOTHING }
      return { news: /success|created/.test(trigger) ? 'paid' : null, previous: NOTHING }
  }
}

function momentOf(at: string | null | undefined, calendar: PaymobCalendar): Date {
  try {
    return at ? calendar.readStamp(at) : new Date()
  } catch {
    return new Date()
  }
}

/** Does not depend on the order of fields, which the database does not keep. */
function digest(payload: Record<string, unknown>): string {
  return createHash('sha256').update(canonical(payload)).digest('hex').slice(0, 32)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = Object.keys(value).toSorted()
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`).join(',')}}`
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
