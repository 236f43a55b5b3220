import type { EntityManager } from '@mikro-orm/postgresql'

/** How events get their places in the feed, for metrics and `doctor`. */
export interface FeedBacklog {
  /** Events that could not be presented, up to {@link MOST}. The later ones of their objects wait, too. */
  readonly held: number
  /** The objects of the first of them. */
  readonly objects: readonly { readonly kind: string; readonly id: string }[]
  /** How many seconds the oldest event has waited for its place. */
  readonly oldest: number
}

/** Counting all of a great many would take long. */
const MOST = 100_000
const SHOWN = 3

export async function readFeedBacklog(em: EntityManager, now: Date): Promise<FeedBacklog> {
  const [row] = await em.execute<{ held: number; objects: FeedBacklog['objects']; oldest: number }[]>(
    `select
       (select count(*)::int from (select from events
          where position is null and held_until is not null limit ?) as counted) as held,
       (select coalesce(jsonb_agg(first), '[]') from (select distinct object_kind as kind, object_id as id from events
          where position is null and held_until is not null order by kind, id limit ?) as first) as objects,
       coalesce((select greatest(extract(epoch from ?::timestamptz - created_at), 0) from events
          where position is null order by seq limit 1), 0)::float8 as oldest`,
    [MOST, SHOWN, now],
  )
  return row ?? { held: 0, objects: [], oldest: 0 }
}
