import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ListDeliveriesInput, WebhookDeliveryView } from '../webhooks.schemas.ts'
import { DELIVERY_COLUMNS, deliveryView, type DeliveryRow } from './delivery-view.ts'

/**
 * Lists deliveries, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listDeliveries(
  { em }: Pick<Scope, 'em'>,
  { cursor, limit, endpointId, state, type, eventId, from, to }: ListDeliveriesInput,
): Promise<Page<WebhookDeliveryView>> {
  const conditions: [string, unknown][] = []
  const add = (sql: string, value: unknown) => {
    if (value !== undefined && value !== null) conditions.push([sql, value])
  }
  add('endpoint_id = ?', endpointId)
  add('state = ?', state)
  add('type = ?', type)
  add('event_id = ?', eventId?.slice('evt_'.length))
  add('created_at >= ?', from)
  add('created_at <= ?', to)
  add('id < ?', cursor ? readCursor(cursor).id : undefined)
  const where = conditions.map(([sql]) => sql).join(' and ') || 'true'
  const rows = await em.execute<DeliveryRow[]>(
    `select ${DELIVERY_COLUMNS} from webhook_deliveries d where ${where} order by id desc limit ?`,
    [...conditions.map(([, value]) => value), limit + 1],
  )
  return pageOf(rows, limit, deliveryView, (row) => ({ at: new Date(row.created_at), id: row.id }))
}
