import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import type { EndpointInput } from '../webhooks.schemas.ts'
import { findEndpoint } from './find-endpoint.ts'

/**
 * Deletes an endpoint with all its deliveries. The events stay in the feed.
 *
 * @throws {EndpointNotFound}
 */
export async function deleteEndpoint(scope: Scope, actor: AuditActor, { id }: EndpointInput): Promise<void> {
  await scope.em.transactional(async (em) => {
    const endpoint = await findEndpoint(em, { id }, { lock: true })
    const { url, types, description } = endpoint
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'webhook_endpoint.delete', targetType: 'webhook_endpoint', targetId: id },
      ...{ before: { url, types, description }, after: null },
    })
    em.remove(endpoint)
  })
}
