import express, { type Request, type Response, type Router } from 'express'
import { inBatches } from '../platform/database/batches.ts'
import { runAlone } from '../platform/database/prepared.ts'
import type { Scope } from '../platform/scope.ts'
import type { BillingDeps } from './billing-scope.ts'
import { recordEvents, storableEvent, type StorableEvent } from './events/record-events.ts'

const MAX_BODY_SIZE = '1mb'

/**
 * `POST /billing/stripe/webhook`: answers 200 only after the event is stored.
 * The body stays raw, because the signature covers the bytes as they were sent.
 */
export function createStripeWebhookRoutes(billing: BillingDeps, openScope: () => Scope): Router {
  const router = express.Router()
  const record = inBatches((events: readonly StorableEvent[]) => {
    const { em, jobs, clock } = openScope()
    return recordEvents({ jobs, clock, billing }, runAlone(em), events)
  })
  router.post(
    '/billing/stripe/webhook',
    express.raw({ type: () => true, limit: MAX_BODY_SIZE }),
    async (req: Request, res: Response) => {
      const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
      const change = billing.provider.verifyWebhook({ rawBody, headers: req.headers, query: {} })
      await record(storableEvent(change))
      res.json({ received: true })
    },
  )
  return router
}
