import type { EntityManager } from '@mikro-orm/postgresql'

/** How deliveries get on, for metrics and `doctor`. */
export interface Backlog {
  /** Deliveries of active endpoints that wait, up to {@link MOST}. */
  readonly waiting: number
  readonly parked: number
  /** How many seconds the first of those that are due has waited since it was due. */
  readonly oldestDue: number
  /** How many endpoints are active and not failing, active and failing, and off. */
  readonly endpoints: { readonly fine: number; readonly failing: number; readonly off: number }
}

/** Counting all of a great many would take as long as sending them. */
const MOST = 100_000

export async function readBacklog(em: EntityManager, now: Date): Promise<Backlog> {
  const [row] = await em.execute<
    { waiting: number; parked: number; oldest: number; fine: number; failing: number; off: number }[]
  >(
    `select
       (select count(*)::int from (select from webhook_deliveries delivery
          join webhook_endpoints endpoint on endpoint.id = delivery.endpoint_id and endpoint.state = 'active'
          where delivery.state = 'waiting' limit ?) as counted) as waiting,
       (select count(*)::int from (select from webhook_deliveries where state = 'parked' limit ?) as counted) as parked,
       (select coalesce(extract(epoch from max(?::timestamptz - due.at)), 0)::float8 from webhook_endpoints endpoint
          cross join lateral (select min(next_attempt_at) as at from webhook_deliveries
            where endpoint_id = endpoint.id and state = 'waiting' and next_attempt_at <= ?) as due
          where endpoint.state = 'active') as oldest,
       count(*) filter (where state = 'active' and failing_since is null)::int as fine,
       count(*) filter (where state = 'active' and failing_since is not null)::int as failing,
       count(*) filter (where state = 'off')::int as off
     from webhook_endpoints`,
    [MOST, MOST, now, now],
  )
  const { waiting = 0, parked = 0, oldest = 0, fine = 0, failing = 0, off = 0 } = row ?? {}
  return { waiting, parked, oldestDue: oldest, endpoints: { fine, failing, off } }
}
