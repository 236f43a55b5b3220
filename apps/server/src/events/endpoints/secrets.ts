import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { newWebhookSecret } from '../outbound/sign.ts'
import type { EndpointSecret } from '../webhook-endpoint.entity.ts'

/** How long a secret still signs after it was replaced. */
const OVERLAP = DAY
/** Maximum secrets that sign at once. */
const MOST = 5

/** The secrets of a new endpoint. */
export const firstSecrets = (): EndpointSecret[] => [{ secret: newWebhookSecret(), expiresAt: null }]

/** The secrets that sign now, the present one first. */
export function validSecrets(secrets: readonly EndpointSecret[], now: Date): readonly EndpointSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now)
}

/** Puts a new secret first. The one that it replaces signs for a while longer. */
export function rolledSecrets(secrets: readonly EndpointSecret[], now: Date): EndpointSecret[] {
  const until = after(now, OVERLAP).toISOString()
  const former = validSecrets(secrets, now).map(({ secret, expiresAt }) => ({ secret, expiresAt: expiresAt ?? until }))
  return [...firstSecrets(), ...former].slice(0, MOST)
}
