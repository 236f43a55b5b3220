import { after } from '../../platform/clock.ts'
import { pages } from '../../platform/database/keyset.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { applyEvent } from '../events/apply-event.ts'
import { inParallel } from './in-parallel.ts'
import type { Isolation } from './isolate-failures.ts'

/** How old an unapplied event must be before it counts as stuck: its job is lost, or very many wait before it. */
const STUCK_AFTER = 10 * MINUTE
/** Maximum age of an event to apply. Older events are covered by rechecking their objects. */
const GIVEN_UP_AFTER = 30 * DAY
const PAGE = 500

interface Round {
  /** Ids of the event rows that this round has just stored. */
  found: readonly string[]
  atOnce: number
  isolated: Isolation['isolated']
}

interface OpenEvent {
  id: string
  provider_event_id: string
}

/**
 * Applies the events of the scope's provider that were just found, and those that arrived earlier but were never
 * applied, oldest first. An event's own job may run at the same time: the second to come finds the event already applied.
 *
 * @returns how many of the found events were applied, and how many of the earlier ones.
 */
export async function applyOpenEvents(
  scope: BillingScope,
  { found, atOnce, isolated }: Round,
): Promise<{ recovered: number; retried: number }> {
  const isNew = new Set(found)
  const done = { recovered: found.length, retried: 0 }
  await inParallel(atOnce, openEvents(scope, found), async ({ id, provider_event_id: name }) => {
    const isDone = await isolated(`event ${name}`, async () => {
      await applyEvent({ ...scope, em: scope.em.fork() }, { eventId: id })
      return true
    })
    if (isDone && !isNew.has(id)) done.retried += 1
    if (!isDone && isNew.has(id)) done.recovered -= 1
  })
  return done
}

async function* openEvents({ em, clock, billing }: BillingScope, found: readonly string[]): AsyncIterable<OpenEvent> {
  const now = clock.now()
  const open = pages<OpenEvent>(em, {
    query: `select id, provider_event_id, occurred_at from provider_events
      where status in ('received', 'failed') and provider = ? and received_at > ?
        and (status = 'failed' or received_at < ? or id = any(?::uuid[]))`,
    values: [billing.provider.name, after(now, -GIVEN_UP_AFTER), after(now, -STUCK_AFTER), `{${found.join(',')}}`],
    by: 'occurred_at',
    size: PAGE,
  })
  for await (const page of open) yield* page
}
