import type { WebhookEndpoint } from '../webhook-endpoint.entity.ts'
import type { WebhookEndpointView } from '../webhooks.schemas.ts'
import { validSecrets } from './secrets.ts'

/** What an administrator may see of an endpoint. */
export function endpointView(endpoint: WebhookEndpoint, now: Date): WebhookEndpointView {
  const { id, url, types, description, state, offReason, createdAt, failingSince } = endpoint
  const ends = validSecrets(endpoint.secrets, now).flatMap(({ expiresAt }) => expiresAt ?? [])
  const last = ends.toSorted().at(-1)
  return {
    ...{ id, url, description, state, createdAt },
    ...{ types: types ?? null, offReason: offReason ?? null, failingSince: failingSince ?? null },
    secretExpiresAt: last === undefined ? null : new Date(last),
  }
}
