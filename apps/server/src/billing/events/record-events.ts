import { newId } from '../../platform/database/ids.ts'
import type { RunPrepared } from '../../platform/database/prepared.ts'
import { isTooDeep } from '../../platform/nesting.ts'
import type { BillingScope } from '../billing-scope.ts'
import { BadWebhook } from '../billing.errors.ts'
import { APPLY_EVENT } from '../billing.queues.ts'
import type { ProviderChange } from '../providers/payment-provider.ts'
import { isHandled } from './handled-events.ts'

/** An event that can be stored. */
export interface StorableEvent {
  readonly eventId: string
  readonly change: ProviderChange
  readonly payload: string
}

/** @throws {BadWebhook} for an event that is nested too deep to be stored. */
export function storableEvent(change: ProviderChange): StorableEvent {
  return { eventId: newId(), change, payload: storableJson(change.payload) }
}

const STORE = {
  name: 'store-provider-events',
  statements: [
    `insert into provider_events
       (id, provider, provider_event_id, type, status, occurred_at, payload, received_at)
     select id, $3, provider_event_id, type, status, occurred_at, payload, $2
     from jsonb_to_recordset($1) as event (
       id uuid, provider_event_id text, type text, status text, occurred_at timestamptz, payload jsonb)
     on conflict (provider, provider_event_id) do nothing
     returning id`,
  ],
}

/**
 * Stores events of the scope's provider, and queues their jobs, all or nothing, in one statement. Once it is committed,
 * no event can be lost. An event that is delivered several times, even at the same instant, has one row and one job.
 *
 * An event of the other mode (live or test), of a type that we don't handle, or without an object that can be
 * fetched, is stored as ignored.
 *
 * @returns for each event its row's id; null if it was stored before, or is ignored.
 */
export async function recordEvents(
  { clock, jobs, billing }: Pick<BillingScope, 'clock' | 'jobs' | 'billing'>,
  run: RunPrepared,
  events: readonly StorableEvent[],
): Promise<(string | null)[]> {
  // Always in the same order, so that two processes that store the same events can't deadlock.
  const inOrder = events.toSorted((a, b) => (a.change.id < b.change.id ? -1 : 1))
  const isToDo = ({ change }: StorableEvent) => isHandled(change, billing.provider)
  const rows = inOrder.map((event) => {
    const { eventId, change, payload } = event
    const status = isToDo(event) ? 'received' : 'ignored'
    const row = { id: eventId, provider_event_id: change.id, type: change.type, status, occurred_at: change.occurredAt }
    // The payload is JSON already. Splicing it in saves parsing and writing it once more.
    return `${JSON.stringify(row).slice(0, -1)},"payload":${payload}}`
  })
  const queued = await jobs.sendForRows(
    run,
    [{ ...STORE, values: [`[${rows.join(',')}]`, clock.now(), billing.provider.name] }],
    APPLY_EVENT[billing.provider.name],
    inOrder.filter(isToDo).map(({ eventId }) => ({ id: eventId, data: { eventId } })),
  )
  const isQueued = new Set(queued)
  return events.map(({ eventId }) => (isQueued.has(eventId) ? eventId : null))
}

/**
 * PostgreSQL's jsonb refuses U+0000 and lone surrogates, which a customer's name may contain. They become U+FFFD, so
 * that the event can be stored. `JSON.stringify` writes both as escapes, and no other character looks like these
 * escapes.
 */
function storableJson(payload: Record<string, unknown>): string {
  if (isTooDeep(payload)) throw new BadWebhook('The event is nested too deep.')
  return JSON.stringify(payload).replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape === String.raw`\u0000` || escape.startsWith(String.raw`\ud`) ? '\ufffd' : escape,
  )
}
