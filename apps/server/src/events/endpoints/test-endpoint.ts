import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { signMessage } from '../outbound/sign.ts'
import type { WebhooksScope } from '../webhooks-scope.ts'
import type { EndpointInput, EndpointTest } from '../webhooks.schemas.ts'
import { findEndpoint } from './find-endpoint.ts'
import { validSecrets } from './secrets.ts'

/**
 * Sends a test event to an endpoint at once, also to one that is off. It is signed like every other event, but it is not
 * in the feed, has no delivery, and is not sent again.
 *
 * @throws {EndpointNotFound}
 */
export async function testEndpoint(
  scope: WebhooksScope,
  actor: AuditActor,
  { id }: EndpointInput,
): Promise<EndpointTest> {
  const endpoint = await scope.em.transactional(async (em) => {
    const found = await findEndpoint(em, { id })
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'webhook_endpoint.test', targetType: 'webhook_endpoint', targetId: id },
      ...{ before: null, after: { url: found.url } },
    })
    return found
  })
  const eventId = `evt_${newId()}`
  const sentAt = scope.clock.now()
  const about = { timestamp: sentAt.toISOString(), version: 1, accountId: null }
  const body = JSON.stringify({ id: eventId, type: 'webhook.test', ...about, data: { id, test: true } })
  const secrets = validSecrets(endpoint.secrets, sentAt).map(({ secret }) => secret)
  const headers = { ...signMessage({ id: eventId, sentAt, body }, secrets), 'webhook-test': 'true' }
  const startedAt = performance.now()
  const { ok, status, error } = await scope.webhooks.poster.post(endpoint.url, body, { headers })
  return { ok, eventId, status, error, milliseconds: Math.round(performance.now() - startedAt) }
}
