import { OPERATOR } from '../../platform/audit/audit.ts'
import { WebhookEndpoint } from '../webhook-endpoint.entity.ts'
import type { WebhooksScope } from '../webhooks-scope.ts'
import { createEndpoint } from './create-endpoint.ts'

/**
 * Makes an endpoint for all events with a given secret, unless there is one with this URL.
 *
 * @returns whether it was made.
 * @throws {InvalidInput} for a URL that may not be called.
 */
export async function seedEndpoint(
  scope: WebhooksScope,
  { url, secret }: { url: string; secret: string },
): Promise<boolean> {
  const normal = new URL(url).href
  if ((await scope.em.count(WebhookEndpoint, { url: normal })) > 0) return false
  const description = 'Made by seed'
  await createEndpoint(scope, OPERATOR, { url, types: null, description }, [{ secret, expiresAt: null }])
  return true
}
