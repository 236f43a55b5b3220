import express, { type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { randomText } from '../ids.ts'
import type { Account } from '../state/account.ts'
import { wallNow } from '../time.ts'
import { missing } from './control.routes.ts'

/** What only Stripe's dashboard can do: give an endpoint a new secret. Until the old one expires both sign. */
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
    const value = typeof secret === 'string' ? secret : `whsec_${randomText(32)}`
    const expires_at = wallNow() + (typeof expiresInSeconds === 'number' ? expiresInSeconds : 0)
    const old = endpoint.secrets.map((each) => ({
      ...each,
      expires_at: Math.min(each.expires_at ?? expires_at, expires_at),
    }))
    account.webhookEndpoints.patch(endpoint.id, { secrets: [{ value, expires_at: null }, ...old] })
    response.json({ id: endpoint.id, secret: value })
  })
  return router
}
