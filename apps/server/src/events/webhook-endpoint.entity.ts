import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import type { EventType } from './events.schemas.ts'
import type { EndpointState, OffReason } from './webhooks.schemas.ts'

/** A secret that signs, and until when. The present one has no end. */
export interface EndpointSecret {
  readonly secret: string
  /** ISO 8601. */
  readonly expiresAt: string | null
}

/**
 * An address of another program that gets events.
 *
 * @see docs/decisions/0049-webhook-deliveries.md
 */
const WebhookEndpointSchema = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoints',
  properties: {
    id: p.uuid().primary().onCreate(newId),
    url: p.string().length(2_000),
    /** Null for all types. */
    types: p.json<EventType[]>().nullable(),
    description: p.string().length(200),
    state: p.text().$type<EndpointState>(),
    offReason: p.text().$type<OffReason>().nullable(),
    createdAt: p.datetime(6),
    /** When the first of an unbroken series of failed attempts ended. */
    failingSince: p.datetime(6).nullable(),
    /** When the last of them ended, about to the minute. */
    failedAt: p.datetime(6).nullable(),
    /** The endpoint asked for quiet until then (`Retry-After`). */
    quietUntil: p.datetime(6).nullable(),
    /** The present one first. */
    secrets: p.json<EndpointSecret[]>().lazy().hidden(),
  },
})

export class WebhookEndpoint extends WebhookEndpointSchema.class {}
WebhookEndpointSchema.setClass(WebhookEndpoint)
