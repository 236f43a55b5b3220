import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { readEndpointUrl } from '../outbound/url-rules.ts'
import { WebhookEndpoint, type EndpointSecret } from '../webhook-endpoint.entity.ts'
import type { WebhooksScope } from '../webhooks-scope.ts'
import { TooManyEndpoints } from '../webhooks.errors.ts'
import type { CreateEndpointInput, WebhookEndpointWithSecret } from '../webhooks.schemas.ts'
import { endpointView } from './endpoint-view.ts'
import { firstSecrets } from './secrets.ts'

/** Maximum endpoints. Each has its own lane of requests in every worker, so none waits for another. */
const MOST = 20
/** The key of the advisory lock that counts them: any number that no other lock uses. */
const LOCK = 7_346_190_049

/**
 * Makes an endpoint, which gets the events from then on. Only this answer has its secret.
 *
 * @param secrets new ones unless given.
 * @throws {InvalidInput} for a URL that may not be called.
 * @throws {TooManyEndpoints}
 */
export async function createEndpoint(
  scope: WebhooksScope,
  actor: AuditActor,
  { url: given, types, description }: CreateEndpointInput,
  secrets: EndpointSecret[] = firstSecrets(),
): Promise<WebhookEndpointWithSecret> {
  const read = readEndpointUrl(given, scope.webhooks.settings)
  if (read.problem !== undefined) throw new InvalidInput({ url: read.problem })
  const url = read.url.href
  const createdAt = scope.clock.now()
  const created = await scope.em.transactional(async (em) => {
    await em.execute('select pg_advisory_xact_lock(?)', [LOCK])
    if ((await em.count(WebhookEndpoint)) >= MOST) throw new TooManyEndpoints()
    const row = em.create(WebhookEndpoint, {
      ...{ url, types, description, state: 'active' as const, createdAt, secrets },
      ...{ offReason: null, failingSince: null, failedAt: null, quietUntil: null },
    })
    await em.flush()
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'webhook_endpoint.create', targetType: 'webhook_endpoint', targetId: row.id },
      ...{ before: null, after: { url, types, description } },
    })
    return row
  })
  return { ...endpointView(created, createdAt), secret: secrets[0]?.secret ?? '' }
}
