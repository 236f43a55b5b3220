import express, { type Request, type Response, type Router } from 'express'
import type { Scope } from '../platform/scope.ts'
import type { BillingDeps } from './billing-scope.ts'
import { createEventInbox } from './events/event-inbox.ts'

const MAX_BODY_SIZE = '1mb'

/**
 * `POST /billing/stripe/webhook`: answers 200 only after the event is stored.
 * The body stays raw, because the signature covers the bytes as they were sent.
 */
export function createStripeWebhookRoutes(billing: BillingDeps, openScope: () => Scope): Router {
  const router = express.Router()
  const store = createEventInbox(billing, 'stripe', openScope)
  router.post(
    '/billing/stripe/webhook',
    express.raw({ type: () => true, limit: MAX_BODY_SIZE }),
    async (req: Request, res: Response) => {
      const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
      await store({ rawBody, headers: req.headers, query: {} })
      res.json({ received: true })
    },
  )
  return router
}
