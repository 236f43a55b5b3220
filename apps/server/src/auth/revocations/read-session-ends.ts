import type { EntityManager } from '@mikro-orm/postgresql'
import { runPrepared } from '../../platform/database/prepared.ts'
import type { FeedPlace } from './feed-cursor.ts'

/** What comes after a place. */
export interface FeedPage {
  readonly sessions: readonly { readonly id: string; readonly endedAt: Date }[]
  readonly next: FeedPlace
}

interface Row {
  place: number
  server: string
  now: string
  seen: string | null
  upTo: string | null
  /** The rest is null if nothing comes after the place. */
  seq: string | null
  sessionId: string
  endedAt: string
}

/** Maximum number of sessions in an answer. */
export const LARGEST_PAGE = 1_000

/**
 * For readers without a place, all ends of `$2` seconds. For others those that they could not see yet. All compare with
 * the one snapshot of this statement, which is also what the readers have seen next.
 *
 * A place at another server counts as none: after a failover or a restore, its transactions are other ones.
 */
const READ_ENDS = {
  name: 'read-session-ends',
  text: `with present as materialized (
       select pg_current_snapshot() as now, trunc(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as server
     ), asked as materialized (
       select asked.place, known.seen, known.up_to, coalesce(known.behind, 0) as behind, present.*
       from present cross join jsonb_to_recordset($1)
           as asked (place int, server bigint, seen pg_snapshot, up_to pg_snapshot, behind bigint)
         left join lateral (select asked.seen, asked.up_to, asked.behind) known
           on asked.server = present.server
             and (asked.seen is null or pg_snapshot_xmax(asked.seen) <= pg_snapshot_xmax(present.now))
     )
     select asked.place, asked.server::text, asked.now::text, asked.seen::text, asked.up_to::text as "upTo",
       page.seq::text, page.session_id as "sessionId", page.ended_at as "endedAt"
     from asked left join lateral (
       (select seq, session_id, ended_at from session_ends
         where asked.seen is null and recorded_at > now() - make_interval(secs => $2) and seq > asked.behind
           and (asked.up_to is null or pg_visible_in_snapshot(transaction, asked.up_to)))
       union all
       (select seq, session_id, ended_at from session_ends
         where transaction >= pg_snapshot_xmin(asked.seen) and not pg_visible_in_snapshot(transaction, asked.seen)
           and seq > asked.behind and (asked.up_to is null or pg_visible_in_snapshot(transaction, asked.up_to)))
       order by seq limit ${LARGEST_PAGE + 1}
     ) page on true
     order by asked.place, page.seq`,
}

/**
 * Reads what comes after each of these places, with one statement.
 *
 * @param em provides the connections only.
 * @param lifetime how far back the feed goes for a reader without a place, in milliseconds.
 */
export async function readSessionEnds(
  em: EntityManager,
  places: readonly FeedPlace[],
  lifetime: number,
): Promise<FeedPage[]> {
  const asked = places.map(({ server, seen, upTo, behind }, place) => ({ place, server, seen, up_to: upTo, behind }))
  const rows = await runPrepared<Row>(em, READ_ENDS, [JSON.stringify(asked), lifetime / 1_000])
  const byPlace = Map.groupBy(rows, ({ place }) => place)
  return places.map((_, place) => pageOf(byPlace.get(place) ?? []))
}

function pageOf(rows: readonly Row[]): FeedPage {
  const [first] = rows
  if (!first) throw new Error('A place in the feed came back without a row.')
  const { server, now, seen, upTo } = first
  const found = rows.filter(({ seq }) => seq !== null)
  const shown = found.slice(0, LARGEST_PAGE)
  const behind = shown.at(-1)?.seq ?? '0'
  const hasMore = found.length > shown.length
  return {
    sessions: shown.map(({ sessionId, endedAt }) => ({ id: sessionId, endedAt: new Date(endedAt) })),
    next: hasMore
      ? { server, seen, upTo: upTo ?? now, behind }
      : { server, seen: upTo ?? now, upTo: null, behind: '0' },
  }
}
