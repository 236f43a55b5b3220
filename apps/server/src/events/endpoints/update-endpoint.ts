import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { readEndpointUrl } from '../outbound/url-rules.ts'
import type { WebhookEndpoint } from '../webhook-endpoint.entity.ts'
import type { WebhooksScope } from '../webhooks-scope.ts'
import type { UpdateEndpointInput, WebhookEndpointView } from '../webhooks.schemas.ts'
import { endpointView } from './endpoint-view.ts'
import { findEndpoint } from './find-endpoint.ts'

/**
 * Changes an endpoint, or switches it on or off. Switched on again, it gets what was waiting. Then, and with a new
 * URL, its record of failures starts over.
 *
 * @throws {EndpointNotFound}
 * @throws {InvalidInput} for a URL that may not be called.
 */
export async function updateEndpoint(
  scope: WebhooksScope,
  actor: AuditActor,
  { id, url: given, types, description, state }: UpdateEndpointInput,
): Promise<WebhookEndpointView> {
  const read = given === undefined ? undefined : readEndpointUrl(given, scope.webhooks.settings)
  if (read?.problem !== undefined) throw new InvalidInput({ url: read.problem })
  return scope.em.transactional(async (em) => {
    const endpoint = await findEndpoint(em, { id }, { lock: true })
    const before = shown(endpoint)
    const url = read?.url.href ?? endpoint.url
    if (url !== endpoint.url) Object.assign(endpoint, { url, failingSince: null, failedAt: null, quietUntil: null })
    endpoint.types = types === undefined ? endpoint.types : types
    endpoint.description = description ?? endpoint.description
    if (state === 'active' && endpoint.state === 'off')
      Object.assign(endpoint, { state, offReason: null, failingSince: null, failedAt: null, quietUntil: null })
    if (state === 'off' && endpoint.state === 'active') Object.assign(endpoint, { state, offReason: 'switched_off' })
    const after = shown(endpoint)
    if (JSON.stringify(before) !== JSON.stringify(after))
      recordAudit({ ...scope, em }, actor, {
        ...{ action: 'webhook_endpoint.update', targetType: 'webhook_endpoint', targetId: id },
        ...{ before, after },
      })
    return endpointView(endpoint, scope.clock.now())
  })
}

const shown = ({ url, types, description, state }: WebhookEndpoint) => ({ url, types, description, state })
