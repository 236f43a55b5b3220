import express, { type Router } from 'express'
import { USER_AGENT } from './forwarder.ts'
import type { Receiver } from './receiver.ts'

/** The headers that the page shows. */
const SHOWN = /^(?:webhook-|content-|user-agent$)/

const RETRY_AFTER = 60

/** `POST /hooks` and every path below it. Tollgate sends its webhooks there. */
export function hookRoutes(receiver: Receiver): Router {
  const router = express.Router()
  router.post(['/hooks', '/hooks/*below'], express.text({ type: () => true, limit: '5mb' }), (request, response) => {
    if (request.get('user-agent') === USER_AGENT) {
      response
        .status(508)
        .json({ error: { message: 'This is the receiver itself. Enter the address of your own app.' } })
      return
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        SHOWN.test(name) && typeof value === 'string' ? [[name, value] as const] : [],
      ),
    )
    const { answer } = receiver.disturbance
    const body = typeof request.body === 'string' ? request.body : ''
    const delivery = receiver.inbox.add({ headers, body, answer })
    if (answer !== 'hang') {
      if (answer === '429') response.set('retry-after', String(RETRY_AFTER))
      response.status(Number(answer)).json({})
    }
    if (answer === '200') void receiver.forwarder.pass(delivery)
  })
  return router
}
