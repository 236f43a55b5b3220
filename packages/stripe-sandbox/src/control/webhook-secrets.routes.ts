import express, { type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { randomText } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { WebhookEndpointRow } from '../state/rows/webhook.ts'
import { wallNow } from '../time.ts'
import { missing } from './control.routes.ts'

/** Rolls an endpoint's secret, as only Stripe's Dashboard can. Both secrets sign until the old one expires. */
export function webhookSecretRoutes(account: Account): Router {
  const router = express.Router()
  router.use('/_', express.json())
  router.post('/_/webhook-endpoints/:id/roll-secret', (request, response) => {
    const endpoint = account.webhookEndpoints.find(request.params.id)
    if (!endpoint) {
      missing(response, 'webhook endpoint')
      return
    }
    const { secret, expiresInSeconds = 0 } = fieldsOf(request)
    const value = rollSecret(account, endpoint, {
      ...(typeof secret === 'string' && { secret }),
      expiresInSeconds: typeof expiresInSeconds === 'number' ? expiresInSeconds : 0,
    })
    response.json({ id: endpoint.id, secret: value })
  })
  return router
}

/**
 * Gives an endpoint a new secret. The old ones keep signing until they expire.
 *
 * @returns the new secret.
 */
export function rollSecret(
  account: Account,
  { id, secrets }: WebhookEndpointRow,
  { secret: value = `whsec_${randomText(32)}`, expiresInSeconds }: { secret?: string; expiresInSeconds: number },
): string {
  const expires_at = wallNow() + expiresInSeconds
  const old = secrets.map((each) => ({ ...each, expires_at: Math.min(each.expires_at ?? expires_at, expires_at) }))
  account.webhookEndpoints.patch(id, { secrets: [{ value, expires_at: null }, ...old] })
  return value
}
