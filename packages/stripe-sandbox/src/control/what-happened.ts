import type { Account } from '../state/account.ts'
import type { EventRow } from '../state/rows/webhook.ts'

/** Maximum number of event types in a summary. */
const NAMED = 16

/** Summarizes events and their deliveries: `3 events, 3 delivered: invoice.created, …`. */
export function whatHappened(account: Account, events: readonly EventRow[]): string {
  if (events.length === 0) return 'There were no events.'
  const deliveries = events.flatMap((event) => account.deliveries.by('eventId', event.id))
  const counts = (['delivered', 'pending', 'failed', 'dropped'] as const)
    .map((status) => [deliveries.filter((delivery) => delivery.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status === 'pending' ? 'still in progress' : status}`)
  const delivered = counts.length > 0 ? counts.join(', ') : 'no webhook endpoint subscribed'
  return `${events.length} ${events.length === 1 ? 'event' : 'events'}, ${delivered}: ${named(events)}.`
}

/** Each event type once, with its count. */
function named(events: readonly EventRow[]): string {
  const times = new Map<string, number>()
  for (const { type } of events) times.set(type, (times.get(type) ?? 0) + 1)
  const names = [...times].map(([type, count]) => (count === 1 ? type : `${count} × ${type}`))
  const more = names.length - NAMED
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} other types` : names.join(', ')
}
