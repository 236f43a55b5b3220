import express, { type Request, type Response, type Router } from 'express'
import type { Timelines } from '../clock/timelines.ts'
import { fieldsOf } from '../http/body.ts'
import type { Account } from '../state/account.ts'
import type { DeliveryRow } from '../state/rows/webhook.ts'
import { DAY, HOUR } from '../time.ts'
import type { Deliverer } from '../webhooks/deliverer.ts'

interface ControlOptions {
  readonly account: Account
  readonly timelines: Timelines
  readonly deliverer: Deliverer
}

/** How long an advance waits for the next delivery of its events. */
const DELIVERY_PATIENCE_MS = 60_000

/** JSON controls below `/_`: clock and deliveries. */
export function controlRoutes({ account, timelines, deliverer }: ControlOptions): Router {
  const router = express.Router()
  router.use('/_', express.json())

  router.get('/_/clock', (_request, response) => {
    response.json({ now: iso(account.now()) })
  })
  router.post('/_/clock/advance', async (request, response) => {
    const target = targetOf(account, request)
    if (typeof target === 'string') {
      response.status(400).json({ error: { message: target } })
      return
    }
    await advance({ account, timelines, deliverer }, target)
    response.json({ now: iso(account.now()) })
  })
  router.get('/_/deliveries', (_request, response) => {
    response.json(account.deliveries.all().toReversed().map(shownDelivery))
  })
  router.post('/_/deliveries/:id/resend', (request, response) => {
    if (account.deliveries.has(request.params.id)) response.json(shownDelivery(deliverer.resend(request.params.id)))
    else missing(response, 'delivery')
  })
  return router
}

/** Moves the sandbox's clock forward, and waits until the events on the way have been delivered. */
export async function advance({ account, timelines, deliverer }: ControlOptions, to: number): Promise<void> {
  const before = new Set(account.events.all().map((event) => event.id))
  timelines.advanceSandbox(to)
  await deliverer.drained((delivery) => !before.has(delivery.eventId), DELIVERY_PATIENCE_MS)
}

function targetOf(account: Account, request: Request): number | string {
  const { to, days = 0, hours = 0, seconds = 0 } = fieldsOf(request)
  const now = account.now()
  if (to !== undefined) {
    const time = typeof to === 'string' ? Math.floor(Date.parse(to) / 1000) : Number.NaN
    if (Number.isNaN(time)) return '`to` must be an ISO 8601 time.'
    return time < now ? 'The clock only goes forward.' : time
  }
  const steps = [days, hours, seconds]
  if (!steps.every((step): step is number => typeof step === 'number' && step >= 0))
    return '`days`, `hours` and `seconds` must be numbers of at least 0.'
  if (Number(days) + Number(hours) + Number(seconds) === 0) return 'Give `to`, or one of `days`, `hours` and `seconds`.'
  return now + Math.round(Number(days) * DAY + Number(hours) * HOUR + Number(seconds))
}

export function shownDelivery({
  id,
  eventId,
  type,
  url,
  status,
  attempts,
  responseStatus,
  nextAttemptAt,
}: DeliveryRow): unknown {
  return {
    id,
    eventId,
    type,
    url,
    status,
    attempts,
    responseStatus,
    nextAttemptAt: nextAttemptAt === null || status !== 'pending' ? null : new Date(nextAttemptAt).toISOString(),
  }
}

function iso(time: number): string {
  return new Date(time * 1000).toISOString()
}

export function missing(response: Response, noun: string): Response {
  return response.status(404).json({ error: { message: `No such ${noun}.` } })
}
