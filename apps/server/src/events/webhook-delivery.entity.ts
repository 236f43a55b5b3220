import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Event } from './event.entity.ts'
import type { EventType } from './events.schemas.ts'
import { WebhookEndpoint } from './webhook-endpoint.entity.ts'
import type { DeliveryState } from './webhooks.schemas.ts'

/** One event on its way to one endpoint. It goes with its event, or with its endpoint. */
const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  uniques: [{ name: 'webhook_deliveries_event', properties: ['event', 'endpoint'] }],
  indexes: [
    { name: 'webhook_deliveries_due', properties: ['endpoint', 'nextAttemptAt', 'id'], where: { state: 'waiting' } },
    { name: 'webhook_deliveries_endpoint', properties: ['endpoint', 'id'] },
    { name: 'webhook_deliveries_parked', properties: ['endpoint', 'id'], where: { state: 'parked' } },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    event: () => p.manyToOne(Event).deleteRule('cascade'),
    endpoint: () => p.manyToOne(WebhookEndpoint).deleteRule('cascade'),
    type: p.text().$type<EventType>(),
    state: p.text().$type<DeliveryState>(),
    attempts: p.integer(),
    /** When it is due. While it is being sent: when another process may take it, because the sender must be dead. */
    nextAttemptAt: p.datetime(6),
    /** Set while it is being sent. Only the process that set it may write the result. */
    claim: p.uuid().nullable(),
    lastStatus: p.integer().nullable(),
    lastError: p.text().nullable(),
    deliveredAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery)
