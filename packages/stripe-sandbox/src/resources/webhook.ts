import type Stripe from 'stripe'
import { API_VERSION } from '../api-versions.ts'
import type { EventRow, WebhookEndpointRow } from '../state/rows/webhook.ts'
import type { Wire } from '../wire.ts'

export function serializeWebhookEndpoint(row: WebhookEndpointRow): Wire<Stripe.WebhookEndpoint> {
  const { secrets: _secrets, ...shown } = row
  return { ...shown, object: 'webhook_endpoint', application: null, livemode: false }
}

/** An event as the API and webhooks show it. Its object is already in the shape of `apiVersion`. */
export function serializeEvent(
  row: EventRow,
  { pending, apiVersion = API_VERSION }: { pending: number; apiVersion?: string },
): EventOnTheWire | ThinEventOnTheWire {
  if (row.related_object !== undefined) return thinEvent(row.id, row)
  return {
    id: row.id,
    object: 'event',
    api_version: apiVersion,
    created: row.created,
    data: { object: row.object, ...(row.previous_attributes && { previous_attributes: row.previous_attributes }) },
    livemode: false,
    pending_webhooks: pending,
    request: row.request,
    type: row.type,
  }
}

/** `Stripe.Event` is a union of all event types; this has the fields that they share. */
export interface EventOnTheWire extends Omit<Wire<Stripe.CustomerCreatedEvent>, 'type' | 'data' | 'api_version'> {
  readonly api_version: string | null
  readonly type: string
  readonly data: { readonly object: Record<string, unknown>; readonly previous_attributes?: Record<string, unknown> }
}

/** A thin event: it names an object, and the receiver fetches it. */
export interface ThinEventOnTheWire {
  /** Only when it is fetched, and for events that have any. */
  readonly data?: Record<string, unknown>
  readonly id: string
  readonly object: 'v2.core.event'
  readonly type: string
  /** ISO 8601. */
  readonly created: string
  readonly livemode: false
  readonly context: null
  readonly reason: null
  readonly related_object: EventRow['related_object']
}

/** A thin event as a receiver fetches it. */
export function serializeFetched(row: EventRow): ThinEventOnTheWire {
  return { ...thinEvent(row.id, row), ...(Object.keys(row.object).length > 0 && { data: row.object }) }
}

function thinEvent(id: string, { type, created, related_object }: EventRow): ThinEventOnTheWire {
  return {
    id,
    object: 'v2.core.event',
    type,
    created: new Date(created * 1000).toISOString(),
    livemode: false,
    context: null,
    reason: null,
    related_object,
  }
}
