import express, { type Router } from 'express'
import type { Receiver } from './receiver.ts'

/** Of Tollgate's headers, those that a receiver may want to see. */
const SHOWN = /^(?:webhook-|content-|user-agent$)/

const RETRY_AFTER = 60

/** `POST /hooks`, and every address below it: where Tollgate sends to. */
export function hookRoutes(receiver: Receiver): Router {
  const router = express.Router()
  router.post(['/hooks', '/hooks/*below'], express.text({ type: () => true, limit: '5mb' }), (request, response) => {
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
