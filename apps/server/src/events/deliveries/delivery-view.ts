import type { EventType } from '../events.schemas.ts'
import type { DeliveryState, WebhookDeliveryView } from '../webhooks.schemas.ts'

/** A delivery, as a hand-written statement reads it. */
export interface DeliveryRow {
  readonly id: string
  readonly endpoint_id: string
  readonly event_id: string
  readonly type: EventType
  readonly state: DeliveryState
  readonly attempts: number
  readonly last_status: number | null
  readonly last_error: string | null
  readonly next_attempt_at: string
  readonly claim: string | null
  readonly delivered_at: string | null
  readonly created_at: string
}

/** The columns of a {@link DeliveryRow}, for a statement that calls the table `d`. */
export const DELIVERY_COLUMNS =
  'd.id, d.endpoint_id, d.event_id, d.type, d.state, d.attempts, d.last_status, d.last_error, d.next_attempt_at, ' +
  'd.claim, d.delivered_at, d.created_at'

/** What an administrator may see of a delivery. */
export function deliveryView(row: DeliveryRow): WebhookDeliveryView {
  return {
    ...{ id: row.id, endpointId: row.endpoint_id, eventId: `evt_${row.event_id}`, type: row.type, state: row.state },
    ...{ attempts: row.attempts, lastStatus: row.last_status, lastError: row.last_error },
    nextAttemptAt: row.state === 'waiting' && row.claim === null ? new Date(row.next_attempt_at) : null,
    deliveredAt: row.delivered_at === null ? null : new Date(row.delivered_at),
    createdAt: new Date(row.created_at),
  }
}
