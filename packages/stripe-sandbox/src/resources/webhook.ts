import type Stripe from 'stripe'
import type { EventRow, WebhookEndpointRow } from '../state/rows/webhook.ts'
import type { Wire } from '../wire.ts'

/** The version that objects are rendered in: the one that the pinned official package speaks. */
export const API_VERSION = '2026-10-28.endive'

export function serializeWebhookEndpoint(row: WebhookEndpointRow): Wire<Stripe.WebhookEndpoint> {
  const { secrets: _secrets, ...shown } = row
  return { ...shown, object: 'webhook_endpoint', application: null, livemode: false }
}

/**
 * An event as the API and webhooks show it. Payloads have one shape only, the pinned version's; an endpoint's own version is
 * named but not translated into.
 */
export function serializeEvent(
  row: EventRow,
  { pending, apiVersion = API_VERSION }: { pending: number; apiVersion?: string | null },
): EventOnTheWire {
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

/** `Stripe.Event` is a union over every type of event; this is what all of them have. */
export interface EventOnTheWire extends Omit<Wire<Stripe.CustomerCreatedEvent>, 'type' | 'data' | 'api_version'> {
  readonly api_version: string | null
  readonly type: string
  readonly data: { readonly object: Record<string, unknown>; readonly previous_attributes?: Record<string, unknown> }
}
