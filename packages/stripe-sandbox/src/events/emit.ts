import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import { wallNow } from '../time.ts'
import { previousAttributes } from './diff.ts'

type Json = Record<string, unknown>

/**
 * Records an event with the object as it is now, and a delivery to each endpoint that is subscribed to it. Deliveries
 * go out once the change is committed.
 */
export function emit(account: Account, type: string, object: object, previous: Json | null = null): void {
  const snapshot: Json = { ...object }
  const id = newId('evt')
  account.events.insert({
    id,
    created: account.nowOf(customerOf(snapshot)),
    recorded: wallNow(),
    type,
    object: snapshot,
    previous_attributes: previous,
    request: account.request,
  })
  for (const endpoint of account.webhookEndpoints.all()) {
    if (endpoint.status !== 'enabled' || !wants(endpoint.enabled_events, type)) continue
    account.deliveries.insert({
      id: newId('del'),
      eventId: id,
      endpoint: endpoint.id,
      type,
      url: endpoint.url,
      status: 'pending',
      attempts: 0,
      responseStatus: null,
      nextAttemptAt: null,
    })
  }
}

/** Records an update with the old values of the changed attributes. Like Stripe, emits nothing if nothing changed. */
export function emitUpdated(account: Account, type: string, before: object, after: object): void {
  const previous = previousAttributes({ ...before }, { ...after })
  if (previous) emit(account, type, after, previous)
}

function wants(enabled: readonly string[], type: string): boolean {
  return enabled.includes('*') || enabled.includes(type)
}

function customerOf(object: Json): string | null {
  if (object['object'] === 'customer' && typeof object['id'] === 'string') return object['id']
  return typeof object['customer'] === 'string' ? object['customer'] : null
}
