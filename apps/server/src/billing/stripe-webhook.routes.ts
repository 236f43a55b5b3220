import express, { type Request, type Response, type Router } from 'express'
import { requestIdOf } from '../platform/http.ts'
import type { Scope } from '../platform/scope.ts'
import type { BillingParts } from './billing-scope.ts'
import { recordStripeEvent } from './record-stripe-event.ts'

const LARGEST_EVENT = '1mb'

/**
 * `POST /billing/stripe/webhook`: answers 200 when the event is stored for good, and only then.
 * The body stays raw: the signature is over the bytes as they were sent.
 */
export function createStripeWebhookRoutes(billing: BillingParts, openScope: (requestId: string) => Scope): Router {
  const router = express.Router()
  router.post(
    '/billing/stripe/webhook',
    express.raw({ type: () => true, limit: LARGEST_EVENT }),
    async (req: Request, res: Response) => {
      const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
      const notice = billing.provider.verifyWebhook(rawBody, req.get('stripe-signature'))
      const { em, jobs, clock, log } = openScope(requestIdOf(res))
      await recordStripeEvent({ em, jobs, clock, log, billing }, notice)
      res.json({ received: true })
    },
  )
  return router
}
