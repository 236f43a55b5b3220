import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { WebhookEndpoint } from '../webhook-endpoint.entity.ts'
import { EndpointNotFound } from '../webhooks.errors.ts'

/**
 * Finds an endpoint with its secrets.
 *
 * @param lock locks its row until the transaction ends.
 * @throws {EndpointNotFound}
 */
export async function findEndpoint(
  em: EntityManager,
  { id }: { id: string },
  { lock = false } = {},
): Promise<WebhookEndpoint> {
  const options = { populate: ['secrets'] as const, ...(lock && { lockMode: LockMode.PESSIMISTIC_WRITE }) }
  const endpoint = await em.findOne(WebhookEndpoint, { id }, options)
  if (!endpoint) throw new EndpointNotFound()
  return endpoint
}
