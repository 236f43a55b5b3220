import express, { type Request, type Response, type Router } from 'express'
import { forge } from '../callbacks/forge.ts'
import type { Paymob } from '../callbacks/paymob.ts'
import { DAY, HOUR } from '../dates.ts'
import { isRecord } from '../http/fields.ts'
import type { CallbackRow } from '../state/rows.ts'
import type { Timekeeper } from './time.ts'

/** JSON controls below `/_`: the clock and callbacks. */
export function controlRoutes(paymob: Paymob, time: Timekeeper): Router {
  const { clock, state, deliverer } = paymob
  const router = express.Router()

  router.get('/_/clock', async (_request, response) => {
    await time.catchUp()
    response.json({ now: iso(clock.now()) })
  })
  router.post('/_/clock/advance', async (request, response) => {
    const target = targetOf(clock.now(), request)
    if (typeof target === 'string') {
      refuse(response, target)
      return
    }
    await time.advance(target)
    response.json({ now: iso(clock.now()) })
  })
  router.get('/_/callbacks', (_request, response) => {
    response.json(state.callbacks.all().toReversed().map(shownCallback))
  })
  router.post('/_/callbacks/:id/resend', async (request, response) => {
    const row = state.callbacks.find(request.params.id)
    if (!row) {
      missing(response, 'callback')
      return
    }
    deliverer.resend(row)
    await deliverer.drained(10_000)
    response.json(shownCallback(row))
  })
  router.post('/_/callbacks/:id/forge', async (request, response) => {
    const row = state.callbacks.find(request.params.id)
    const body: unknown = request.body
    const values = isRecord(body) ? body['set'] : undefined
    if (!row) {
      missing(response, 'callback')
      return
    }
    if (!isRecord(values) || !Object.entries(values).every(isPlain)) {
      refuse(response, '`set` must be an object of paths and plain values, such as {"obj.amount_cents": 1}.')
      return
    }
    const forged = forge(paymob, row, values as Record<string, string | number | boolean | null>)
    await deliverer.drained(10_000)
    response.json(shownCallback(forged))
  })
  return router
}

function isPlain([path, value]: [string, unknown]): boolean {
  return !path.includes('__proto__') && (value === null || ['string', 'number', 'boolean'].includes(typeof value))
}

/** @returns milliseconds, or what is wrong with the request. */
function targetOf(now: number, request: Request): number | string {
  const body: unknown = request.body
  const { to, days = 0, hours = 0, seconds = 0 } = (body ?? {}) as Record<string, unknown>
  if (to !== undefined) {
    const time = typeof to === 'string' ? Date.parse(to) : Number.NaN
    if (Number.isNaN(time)) return '`to` must be an ISO 8601 time.'
    return time < now ? 'The clock only goes forward.' : time
  }
  const steps = [days, hours, seconds]
  if (!steps.every((step): step is number => typeof step === 'number' && step >= 0))
    return '`days`, `hours` and `seconds` must be numbers of at least 0.'
  if (steps.every((step) => step === 0)) return 'Give `to`, or one of `days`, `hours` and `seconds`.'
  return now + Number(days) * DAY + Number(hours) * HOUR + Number(seconds) * 1000
}

export function shownCallback(row: CallbackRow) {
  const { id, kind, type, url, hmac, transactionId, subscriptionId, forges, status, attempts, responseStatus } = row
  const body: unknown = JSON.parse(row.body)
  return {
    ...{ id, kind, type, url, hmac, transactionId, subscriptionId, forges, status, attempts, responseStatus },
    createdAt: iso(row.createdAt),
    body,
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

export function refuse(response: Response, message: string): Response {
  return response.status(400).json({ error: { message } })
}

export function missing(response: Response, noun: string): Response {
  return response.status(404).json({ error: { message: `No such ${noun}.` } })
}
