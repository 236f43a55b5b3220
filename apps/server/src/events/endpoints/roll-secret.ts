import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import type { EndpointInput, WebhookEndpointWithSecret } from '../webhooks.schemas.ts'
import { endpointView } from './endpoint-view.ts'
import { findEndpoint } from './find-endpoint.ts'
import { rolledSecrets } from './secrets.ts'

/**
 * Gives an endpoint a new secret, which only this answer has. The one before it signs for 24 hours more.
 *
 * @throws {EndpointNotFound}
 */
export async function rollSecret(
  scope: Scope,
  actor: AuditActor,
  { id }: EndpointInput,
): Promise<WebhookEndpointWithSecret> {
  return scope.em.transactional(async (em) => {
    const endpoint = await findEndpoint(em, { id }, { lock: true })
    const now = scope.clock.now()
    const secrets = rolledSecrets(endpoint.secrets, now)
    endpoint.secrets = secrets
    const view = endpointView(endpoint, now)
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'webhook_endpoint.roll', targetType: 'webhook_endpoint', targetId: id },
      ...{ before: null, after: { url: endpoint.url, formerSignsUntil: view.secretExpiresAt } },
    })
    return { ...view, secret: secrets[0]?.secret ?? '' }
  })
}
