import express, { type Request, type Response, type Router } from 'express'
import type { Scope } from '../platform/scope.ts'
import type { BillingDeps } from './billing-scope.ts'
import { createEventInbox } from './events/event-inbox.ts'

const CALLBACK = '/billing/paymob/callback'
const RETURN = '/billing/paymob/return'
const MAX_BODY_SIZE = '1mb'

/** What Stripe replaces in the address of the page after checkout. Paymob replaces nothing, so this route does. */
const SESSION_ID = '{CHECKOUT_SESSION_ID}'
const SESSION = /^[\w.]{1,255}$/

/**
 * Paymob's two addresses. There are none while Paymob is off.
 *
 * - `POST /billing/paymob/callback`: answers 200 only after the callback is stored. It only says where to look.
 * - `GET /billing/paymob/return`: sends a customer who comes back from a page of Paymob's on to the console. Their address
 *   proves nothing, so it changes nothing: the console's page asks what became of it.
 */
export function createPaymobRoutes(billing: BillingDeps, openScope: () => Scope): Router {
  const router = express.Router()
  if (!billing.providers.has('paymob')) return router
  const store = createEventInbox(billing, 'paymob', openScope)
  router.post(
    CALLBACK,
    express.raw({ type: () => true, limit: MAX_BODY_SIZE }),
    async (req: Request, res: Response) => {
      const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
      await store({ rawBody, headers: req.headers, query: Object.fromEntries(queryOf(req)) })
      res.json({ received: true })
    },
  )
  router.get(RETURN, (req: Request, res: Response) => {
    res.set('Cache-Control', 'no-store').redirect(302, pageAfter(queryOf(req), billing))
  })
  return router
}

const queryOf = ({ originalUrl }: Request): URLSearchParams => new URL(originalUrl, 'http://localhost').searchParams

/** The console's page for someone who has paid, or has not. */
function pageAfter(query: URLSearchParams, { providers, settings }: BillingDeps): string {
  const { successUrl, cancelUrl, cardsUrl } = settings
  const session = query.get('merchant_order_id') ?? ''
  // Some cards are charged only later.
  const isUnderway = query.get('success') === 'true' || query.get('pending') === 'true'
  if (providers.get('paymob')?.readCardPage(session))
    return `${cardsUrl}?session_id=${session}${isUnderway ? '' : '&declined=true'}`
  if (isUnderway && SESSION.test(session)) return successUrl.replace(SESSION_ID, session)
  if (query.get('success') !== 'false') return cancelUrl
  const declined = new URL(cancelUrl)
  declined.searchParams.set('declined', 'true')
  return declined.href
}
