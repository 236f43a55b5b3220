import type { EntityManager } from '@mikro-orm/postgresql'
import { runPrepared } from '../../platform/database/prepared.ts'
import { CursorTooOld, CursorUnknown } from '../events.errors.ts'
import type { EventPage, ListEventsInput } from '../events.schemas.ts'
import { EVENT_COLUMNS, eventBody, type EventRow } from './event-body.ts'

/** What one reader asks for. */
export type FeedQuery = Pick<ListEventsInput, 'after' | 'limit' | 'types'>

/** What comes after a reader's place, and where the feed began and ended at that moment. */
export interface FeedRead {
  readonly last: number
  /** The position of the oldest event that is kept, or the next one if none is. */
  readonly first: number
  readonly rows: readonly (EventRow & { position: string })[]
}

interface Row extends Omit<EventRow, 'id'> {
  place: number
  last: string
  first: string | null
  /** The rest is null if nothing comes after the place. */
  id: string | null
  position: string
}

/** Maximum events that one answer looks at. Those of other types cost time, too. */
const LOOKED_AT = 10_000

/** The end of the feed, and no event. */
export const END: FeedQuery = { after: 'latest', limit: 0 }

/**
 * One statement, so that all of it is of one moment: events that are deleted at the same time are either still among
 * the rows, or the place is known to be too old.
 */
const READ_PAGES = {
  name: 'read-event-pages',
  text: `with feed as materialized (
       select coalesce((select version from event_objects where kind = 'feed' and id = ''), 0) as last,
         (select min(position) from events where position is not null) as first
     )
     select asked.place, feed.last, feed.first, page.*
     from feed cross join jsonb_to_recordset($1) as asked (place int, after bigint, types text[], size int)
       cross join lateral (select coalesce(asked.after, feed.first - 1, feed.last) as place) start
       left join lateral (
         select ${EVENT_COLUMNS}, e.position from events e
         where e.position > start.place and e.position <= start.place + ${LOOKED_AT}
           and (asked.types is null or e.type = any (asked.types))
         order by e.position limit asked.size
       ) page on true
     order by asked.place, page.position`,
}

/** The same text for readers who get the same answer. */
export const keyOfQuery = ({ after, limit, types }: FeedQuery): string =>
  `${after ?? ''} ${limit} ${types ? [...new Set(types)].toSorted().join() : '*'}`

/**
 * Reads what each of these readers asks for, with one statement. Equal questions are asked once.
 *
 * @param em provides the connections only.
 */
export async function readPages(em: EntityManager, queries: readonly FeedQuery[]): Promise<FeedRead[]> {
  const distinct = [...new Map(queries.map((query) => [keyOfQuery(query), query])).entries()]
  const asked = distinct.map(([, { after, limit, types }], place) =>
    after === 'latest' ? { place, size: 0 } : { place, after, types, size: limit },
  )
  const rows = await runPrepared<Row>(em, READ_PAGES, [JSON.stringify(asked)])
  const byPlace = Map.groupBy(rows, ({ place }) => place)
  const reads = new Map(distinct.map(([key], place) => [key, readOf(byPlace.get(place) ?? [])]))
  return queries.map((query) => reads.get(keyOfQuery(query)) ?? readOf([]))
}

function readOf(rows: readonly Row[]): FeedRead {
  const [row] = rows
  if (!row) throw new Error('A place in the feed came back without a row.')
  const last = Number(row.last)
  const found = rows.flatMap(({ id, ...rest }) => (id === null ? [] : [{ ...rest, id }]))
  return { last, first: row.first === null ? last + 1 : Number(row.first), rows: found }
}

/**
 * Makes the answer to a reader of what was read for them.
 *
 * @throws {CursorTooOld}
 * @throws {CursorUnknown}
 */
export function pageOf({ after, limit }: FeedQuery, { last, first, rows }: FeedRead): EventPage {
  if (after === 'latest') return { events: [], cursor: String(last), hasMore: false }
  const from = after === undefined ? first - 1 : Number(after)
  if (from > last) throw new CursorUnknown()
  if (from < first - 1) throw new CursorTooOld()
  const cursor = rows.length === limit ? Number(rows.at(-1)?.position) : Math.min(last, from + LOOKED_AT)
  return { events: rows.map(eventBody), cursor: String(cursor), hasMore: cursor < last }
}
