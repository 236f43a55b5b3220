import type { Scope } from '../../platform/scope.ts'
import { WebhookEndpoint } from '../webhook-endpoint.entity.ts'
import type { WebhookEndpointView } from '../webhooks.schemas.ts'
import { endpointView } from './endpoint-view.ts'

/** Lists all endpoints, the oldest first. */
export async function listEndpoints({ em, clock }: Pick<Scope, 'em' | 'clock'>): Promise<WebhookEndpointView[]> {
  const rows = await em.find(WebhookEndpoint, {}, { orderBy: { id: 'asc' }, populate: ['secrets'] })
  return rows.map((row) => endpointView(row, clock.now()))
}
