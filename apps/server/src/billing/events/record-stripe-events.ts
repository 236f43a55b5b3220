import { newId } from '../../platform/database/ids.ts'
import type { RunPrepared } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import { BadWebhook } from '../billing.errors.ts'
import { ApplyStripeEvent } from '../billing.queues.ts'
import type { ProviderChange } from '../providers/payment-provider.ts'
import { isHandled } from './handled-events.ts'

/** An event that can be stored. */
export interface StorableEvent {
  readonly eventId: string
  readonly notice: ProviderChange
  readonly payload: string
}

/** @throws {BadWebhook} for an event that is nested too deep to be stored. */
export function storableEvent(notice: ProviderChange): StorableEvent {
  return { eventId: newId(), notice, payload: storableJson(notice.payload) }
}

const STORE = {
  name: 'store-provider-events',
  statements: [
    `insert into provider_events
       (id, provider, provider_event_id, type, status, occurred_at, payload, received_at)
     select id, 'stripe', provider_event_id, type, status, occurred_at, payload, $2
     from jsonb_to_recordset($1) as event (
       id uuid, provider_event_id text, type text, status text, occurred_at timestamptz, payload jsonb)
     on conflict (provider, provider_event_id) do nothing
     returning id`,
  ],
}

/**
 * Stores events once and queues their jobs, all or nothing, with one statement: when that is committed, none of them can
 * be lost, and however often one is delivered, also at the same instant, there is one row and one job.
 *
 * What is of another mode or a type that nothing depends on is stored as ignored.
 *
 * @returns for each its row's id, if it is a new one and something is to be done for it.
 */
export async function recordStripeEvents(
  { clock, jobs, billing }: Pick<BillingScope, 'clock' | 'jobs' | 'billing'>,
  run: RunPrepared,
  events: readonly StorableEvent[],
): Promise<(string | null)[]> {
  // In one order everywhere: of two processes that store the same events, none waits for one that waits for it.
  const inOrder = events.toSorted((a, b) => (a.notice.id < b.notice.id ? -1 : 1))
  const isToDo = ({ notice }: StorableEvent) => isHandled(notice, billing.settings)
  const rows = inOrder.map((event) => {
    const { eventId, notice, payload } = event
    const status = isToDo(event) ? 'received' : 'ignored'
    const row = { id: eventId, provider_event_id: notice.id, type: notice.type, status, occurred_at: notice.occurredAt }
    return `${JSON.stringify(row).slice(0, -1)},"payload":${payload}}`
  })
  const queued = await jobs.sendForRows(
    run,
    [{ ...STORE, values: [`[${rows.join(',')}]`, clock.now()] }],
    ApplyStripeEvent,
    inOrder.filter(isToDo).map(({ eventId }) => ({ id: eventId, data: { eventId } })),
  )
  const isQueued = new Set(queued)
  return events.map(({ eventId }) => (isQueued.has(eventId) ? eventId : null))
}

/** Far deeper than any event of Stripe's, and far from where PostgreSQL's own parser gives up. */
const DEEPEST = 100

/**
 * PostgreSQL's jsonb takes neither U+0000 nor half of a surrogate pair, which a customer's name may hold; the event is
 * needed all the same, so they become U+FFFD. `JSON.stringify` writes both of them as escapes, and nothing else so.
 */
function storableJson(payload: Record<string, unknown>): string {
  if (isDeeperThan(payload, DEEPEST)) throw new BadWebhook('The event is nested too deep.')
  return JSON.stringify(payload).replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape === String.raw`\u0000` || escape.startsWith(String.raw`\ud`) ? '\ufffd' : escape,
  )
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1))
}
