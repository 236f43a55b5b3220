import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import { findEndpoint } from '../endpoints/find-endpoint.ts'
import { DeliveryNotFound, EndpointOff } from '../webhooks.errors.ts'
import type { ResendDeliveriesInput, ResentDeliveries } from '../webhooks.schemas.ts'

/** Maximum deliveries that one call sends again. */
const MOST = 500

/** They start over, with all retries. */
const AGAIN = `state = 'waiting', attempts = 0, claim = null, delivered_at = null, next_attempt_at = ?`

/**
 * Sends a delivery again, whatever its state, or all parked ones of an endpoint that were made since a moment, the oldest
 * first.
 *
 * @throws {DeliveryNotFound}
 * @throws {EndpointNotFound}
 * @throws {EndpointOff}
 */
export async function resendDeliveries(
  scope: Scope,
  actor: AuditActor,
  { id, endpointId, since }: ResendDeliveriesInput,
): Promise<ResentDeliveries> {
  const now = scope.clock.now()
  return scope.em.transactional(async (em) => {
    const endpoint = await findEndpoint(em, { id: endpointId ?? (await endpointOf(em, id)) })
    if (endpoint.state === 'off') throw new EndpointOff()
    const again = await em.execute<{ id: string }[]>(
      id === undefined
        ? `update webhook_deliveries set ${AGAIN} where id in (
             select id from webhook_deliveries where endpoint_id = ? and state = 'parked' and created_at >= ?
             order by id limit ? for update) returning id`
        : `update webhook_deliveries set ${AGAIN} where id = ? returning id`,
      id === undefined ? [now, endpointId, since, MOST] : [now, id],
    )
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'webhook_delivery.resend', targetType: 'webhook_endpoint', targetId: endpoint.id },
      ...{ before: null, after: id === undefined ? { since, resent: again.length } : { deliveryId: id } },
    })
    return { resent: again.length, hasMore: again.length === MOST }
  })
}

async function endpointOf(em: EntityManager, id: string | undefined): Promise<string> {
  const [row] = await em.execute<{ endpoint_id: string }[]>('select endpoint_id from webhook_deliveries where id = ?', [
    id,
  ])
  if (!row) throw new DeliveryNotFound()
  return row.endpoint_id
}
