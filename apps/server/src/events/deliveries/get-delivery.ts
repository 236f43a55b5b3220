import type { Scope } from '../../platform/scope.ts'
import { EVENT_COLUMNS, eventBody, type EventRow } from '../feed/event-body.ts'
import { DeliveryNotFound } from '../webhooks.errors.ts'
import type { DeliveryInput, WebhookDeliveryWithBody } from '../webhooks.schemas.ts'
import { DELIVERY_COLUMNS, deliveryView, type DeliveryRow } from './delivery-view.ts'

/**
 * One delivery, with the body that is sent.
 *
 * @throws {DeliveryNotFound}
 */
export async function getDelivery({ em }: Pick<Scope, 'em'>, { id }: DeliveryInput): Promise<WebhookDeliveryWithBody> {
  const [delivery] = await em.execute<DeliveryRow[]>(
    `select ${DELIVERY_COLUMNS} from webhook_deliveries d where d.id = ?`,
    [id],
  )
  if (!delivery) throw new DeliveryNotFound()
  const [event] = await em.execute<EventRow[]>(`select ${EVENT_COLUMNS} from events e where e.id = ?`, [
    delivery.event_id,
  ])
  if (!event) throw new DeliveryNotFound() // both were deleted in between
  return { ...deliveryView(delivery), body: eventBody(event) }
}
