import { SECOND } from '../../platform/durations.ts'
import type { EventsScope } from '../events-scope.ts'
import { CursorTooOld, CursorUnknown } from '../events.errors.ts'
import type { EventPage, ListEventsInput } from '../events.schemas.ts'
import { EVENT_COLUMNS, eventBody, type EventRow } from './event-body.ts'
import { POLLED_EVERY } from './sequence-events.ts'
import { waitAtMost } from './wait-at-most.ts'

/** Maximum events that one call looks at. Those of other types cost time, too. */
const LOOKED_AT = 10_000
/** How long a call waits for new events to get their places. If there are very many, it reads those that have one. */
const LONGEST_SEQUENCING = 5 * SECOND

/**
 * Reads the feed, in the order of the commits and without gaps. If there is nothing new, it waits for it.
 *
 * @param signal ends the waiting.
 * @throws {CursorTooOld}
 * @throws {CursorUnknown}
 */
export async function listEvents(scope: EventsScope, input: ListEventsInput, signal?: AbortSignal): Promise<EventPage> {
  const { bell, sequence } = scope.events
  const end = performance.now() + input.wait * SECOND
  let { after } = input
  for (;;) {
    const seen = bell.rings
    await waitAtMost(LONGEST_SEQUENCING, sequence())
    const page = await readPage(scope, { ...input, after })
    const left = end - performance.now()
    if (page.events.length > 0 || page.hasMore || after === 'latest' || left <= 0 || signal?.aborted) return page
    after = page.cursor
    await bell.wait(seen, Math.min(left, POLLED_EVERY), signal)
  }
}

async function readPage({ em }: EventsScope, { after, limit, types }: ListEventsInput): Promise<EventPage> {
  const [feed] = await em.execute<{ last: string; first: string | null }[]>(
    `select coalesce((select version from event_objects where kind = 'feed' and id = ''), 0) as last,
       (select min(position) from events where position is not null) as first`,
  )
  const last = Number(feed?.last ?? 0)
  const first = feed?.first ? Number(feed.first) : last + 1
  if (after === 'latest') return { events: [], cursor: String(last), hasMore: false }
  const from = after === undefined ? first - 1 : Number(after)
  if (from > last) throw new CursorUnknown()
  if (from < first - 1) throw new CursorTooOld()

  const upTo = Math.min(last, from + LOOKED_AT)
  const ofTypes = types ? 'and e.type = any(?::text[])' : ''
  const rows = await em.execute<(EventRow & { position: string })[]>(
    `select ${EVENT_COLUMNS}, e.position from events e
     where e.position > ? and e.position <= ? ${ofTypes} order by e.position limit ?`,
    [from, upTo, ...(types ? [`{${types.join(',')}}`] : []), limit],
  )
  const cursor = rows.length === limit ? Number(rows.at(-1)?.position) : upTo
  return { events: rows.map(eventBody), cursor: String(cursor), hasMore: cursor < last }
}
