import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { EventRow } from '../state/rows/webhook.ts'
import { wallNow } from '../time.ts'
import { previousAttributes } from './diff.ts'
import { hasEventType } from './event-types.ts'

type Json = Record<string, unknown>

/**
 * Records an event with the object as it is now, and a delivery to each endpoint that is subscribed to it. Deliveries
 * go out once the change is committed.
 */
export function emit(account: Account, type: string, object: object, previous: Json | null = null): EventRow {
  return record(account, { type, object: { ...object }, previous_attributes: previous })
}

/**
 * Records a thin event, as Stripe's v2 API sends them. It is delivered to the same endpoints as other events, but the
 * list of events does not have it.
 *
 * @param data what a receiver gets when it fetches the event.
 * @see https://docs.stripe.com/event-destinations#thin-events
 */
export function emitThin(
  account: Account,
  type: string,
  related_object: NonNullable<EventRow['related_object']> | null,
  data?: Json,
): EventRow {
  return record(account, { type, object: data ?? {}, previous_attributes: null, related_object })
}

function record(
  account: Account,
  given: Pick<EventRow, 'type' | 'object' | 'previous_attributes' | 'related_object'>,
): EventRow {
  const id = newId('evt')
  const event = account.events.insert({
    id,
    created: account.nowOf(customerOf(given.object)),
    recorded: wallNow(),
    request: account.request,
    ...given,
  })
  for (const endpoint of account.webhookEndpoints.all()) {
    if (endpoint.status !== 'enabled' || !wants(endpoint.enabled_events, given.type)) continue
    if (!hasEventType(endpoint.api_version ?? account.settings.apiVersion, given.type)) continue
    account.deliveries.insert({
      id: newId('del'),
      eventId: id,
      endpoint: endpoint.id,
      type: given.type,
      url: endpoint.url,
      status: 'pending',
      attempts: 0,
      responseStatus: null,
      nextAttemptAt: null,
    })
  }
  return event
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
