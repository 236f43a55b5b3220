import express, { type Response, type Router } from 'express'
import { previewInvoice } from '../billing/preview-invoice.ts'
import { emit, emitThin } from '../events/emit.ts'
import { fieldsOf } from '../http/body.ts'
import { StripeApiError } from '../http/errors.ts'
import { serializeSummary } from '../resources/entitlements.ts'
import { serializeEvent } from '../resources/webhook.ts'
import type { Account } from '../state/account.ts'
import { forgetEvent } from '../state/forget-old.ts'

type Json = Record<string, unknown>

/** JSON controls that emit events which nothing in the sandbox causes, and that let events get too old. */
export function eventControls(account: Account): Router {
  const router = express.Router()
  router.use('/_', express.json())
  router.post('/_/events', (request, response) => {
    const fields = fieldsOf(request)
    const { type, previousAttributes } = fields
    if (!isEventType(type)) return refuse(response, '`type` must be an event type, such as balance.available.')
    if (previousAttributes !== undefined && !isJson(previousAttributes))
      return refuse(response, '`previousAttributes` must be an object.')
    const object = isJson(fields['object']) ? fields['object'] : sampleObject(account, type, fields)
    if (typeof object === 'string') return refuse(response, object)
    const event = account.journal.transaction(() => emit(account, type, object, previousAttributes ?? null))
    return response.json(serializeEvent(event, { pending: account.deliveries.by('eventId', event.id).length }))
  })
  router.post('/_/thin-events', (request, response) => {
    const { type, relatedObject = null } = fieldsOf(request)
    if (!isEventType(type))
      return refuse(response, '`type` must be an event type, such as v1.billing.meter.no_meter_found.')
    if (relatedObject !== null && !isRelated(relatedObject))
      return refuse(response, '`relatedObject` must have an `id`, a `type` and a `url`.')
    const event = account.journal.transaction(() => emitThin(account, type, relatedObject))
    return response.json(serializeEvent(event, { pending: 1 }))
  })
  router.delete('/_/events', (request, response) => {
    const { before } = request.query
    const time = typeof before === 'string' ? Date.parse(before) / 1000 : Number.NaN
    if (Number.isNaN(time)) return refuse(response, '`before` must be an ISO 8601 time.')
    const old = account.events.all().filter((event) => event.created < time)
    account.journal.transaction(() => {
      for (const event of old) forgetEvent(account, event.id)
    })
    return response.json({ removed: old.length })
  })
  return router
}

/** The object of an event that Stripe sends by itself. A text says which field is missing. */
function sampleObject(account: Account, type: string, { customer, subscription }: Json): Json | string {
  if (type === 'balance.available') {
    const amounts = [{ amount: 0, currency: 'usd', source_types: { card: 0 } }]
    return { object: 'balance', available: amounts, livemode: false, pending: amounts }
  }
  if (type === 'entitlements.active_entitlement_summary.updated') {
    if (typeof customer !== 'string') return '`customer` is required.'
    return { ...serializeSummary(account, customer) }
  }
  if (type === 'invoice.upcoming') {
    const row = typeof subscription === 'string' ? account.subscriptions.find(subscription) : undefined
    return row ? upcomingInvoice(account, row.id) : '`subscription` must be the id of a subscription.'
  }
  return '`object` is required for this type.'
}

/** The next invoice as `invoice.upcoming` has it: without an id. */
function upcomingInvoice(account: Account, id: string): Json | string {
  try {
    const change = { fields: {}, terms: null, paymentBehavior: 'allow_incomplete' as const }
    const { id: _id, ...invoice } = previewInvoice(account, account.subscriptions.get(id), change, { cancelNow: false })
    return invoice
  } catch (error) {
    if (error instanceof StripeApiError) return error.message
    throw error
  }
}

function isEventType(type: unknown): type is string {
  return typeof type === 'string' && /^[a-z0-9_]+(?:[.[\]a-z0-9_]+)*$/.test(type)
}

function isRelated(value: unknown): value is { id: string; type: string; url: string } {
  return isJson(value) && ['id', 'type', 'url'].every((key) => typeof value[key] === 'string')
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(response: Response, message: string): Response {
  return response.status(400).json({ error: { message } })
}
