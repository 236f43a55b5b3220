import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { BadWebhook } from '../billing.errors.ts'
import { recordEvents, storableEvent } from '../events/record-events.ts'
import type { ProviderChange } from '../providers/payment-provider.ts'

/**
 * How much of the list is read again each time: it may be a little late, and the provider's clock differs from ours.
 */
const OVERLAP = HOUR
/** How long the provider keeps its events. */
const LISTED_FOR = 30 * DAY
/** The cursor moves after each window, so a long list is not read from its start again if the process stops. */
const WINDOW = 7 * DAY
/** Maximum number of events that are looked up in the database at once. */
const PAGE = 100

/**
 * Stores the events of the provider's list that never arrived, as if they had just arrived. Reads the list since the
 * last round, or as far back as it goes, and does not care whether the provider has delivered an event or ever tried:
 * while the webhook endpoint is disabled, it does not. The cursor moves only after everything before it is stored.
 *
 * @returns the row ids of the new events that must be applied.
 * @throws {PaymentProviderError}
 */
export async function recordLostEvents(scope: BillingScope, billingNow: Date): Promise<string[]> {
  const { provider } = scope.billing
  const found: string[] = []
  const types = provider.eventTypes === 'all' ? [] : [...provider.eventTypes]
  for (const window of windowsOf(await listedUntil(scope), billingNow)) {
    const changes = provider.listChanges({ types, ...window })
    for await (const page of inPages(changes)) found.push(...(await recordMissing(scope, page)))
    await scope.em.execute(
      `insert into provider_cursors (provider, listed_until) values (?, ?)
       on conflict (provider) do update set listed_until = excluded.listed_until`,
      [provider.name, window.until ?? billingNow],
    )
  }
  return found
}

async function listedUntil({ em, billing }: BillingScope): Promise<Date | null> {
  const [row] = await em.execute<{ until: number }[]>(
    'select extract(epoch from listed_until)::float8 * 1000 as until from provider_cursors where provider = ?',
    [billing.provider.name],
  )
  return row ? new Date(row.until) : null
}

interface Window {
  since: Date
  until: Date | null
}

/** The windows to read, oldest first. They leave no gap, and only the last one has no end. */
function windowsOf(cursor: Date | null, billingNow: Date): Window[] {
  const start = cursor ? after(cursor < billingNow ? cursor : billingNow, -OVERLAP) : after(billingNow, -LISTED_FOR)
  const windows: Window[] = cursor ? [] : [{ since: new Date(0), until: start }]
  let since = start
  for (let until = after(since, WINDOW); until < billingNow; until = after(until, WINDOW)) {
    windows.push({ since, until })
    since = until
  }
  return [...windows, { since, until: null }]
}

async function* inPages(changes: AsyncIterable<ProviderChange>): AsyncIterable<ProviderChange[]> {
  let page: ProviderChange[] = []
  for await (const change of changes) {
    page.push(change)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  yield page
}

/** Almost every event has arrived. One query finds those, so that only the others cost a transaction each. */
async function recordMissing(scope: BillingScope, changes: readonly ProviderChange[]): Promise<string[]> {
  const { em, log, billing } = scope
  const rows = await em.execute<{ id: string }[]>(
    'select provider_event_id as id from provider_events where provider = ? and provider_event_id = any(?::text[])',
    [billing.provider.name, `{${changes.map(({ id }) => id).join(',')}}`],
  )
  const isKnown = new Set(rows.map(({ id }) => id))
  const found: string[] = []
  for (const change of changes) {
    if (isKnown.has(change.id)) continue
    try {
      const eventId = await recordLostEvent(scope, change)
      if (eventId) found.push(eventId)
    } catch (error) {
      if (!(error instanceof BadWebhook)) throw error
      log.error({ err: error, event: change.id }, 'cannot store this event of the provider')
    }
  }
  return found
}

const NOTE_RECOVERED = {
  name: 'note-recovered-event',
  text: `insert into reconciliation_findings (id, found_at, kind, object_type, object_id, after)
     values ($1, $2, 'event_recovered', 'event', $3, $4)`,
}

async function recordLostEvent(scope: BillingScope, change: ProviderChange): Promise<string | null> {
  return scope.em.transactional(async (em) => {
    const run = runWithin(em)
    const [eventId] = await recordEvents(scope, run, [storableEvent(change)])
    if (!eventId) return null
    const after = JSON.stringify({ type: change.type, occurredAt: change.occurredAt })
    await run(NOTE_RECOVERED, [newId(), scope.clock.now(), change.id, after])
    return eventId
  })
}
