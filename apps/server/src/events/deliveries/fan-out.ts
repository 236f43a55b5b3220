import type { EntityManager } from '@mikro-orm/postgresql'

/** Which events have just got their places in the feed. */
interface Placed {
  /** The last position before them. */
  readonly after: number
  readonly upTo: number
  readonly now: Date
}

/** A UUIDv7 of the moment in `$3`, as `newId` makes it. PostgreSQL 15 has no function for it. */
const NEW_ID = `encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  placing substring(int8send(floor(extract(epoch from placed.now) * 1000)::bigint) from 3) from 1 for 6),
  52, 1), 53, 1), 'hex')::uuid`

/**
 * Makes a delivery of each of these events for each active endpoint that wants its type. Call it in the transaction that
 * gives the events their places, so that no event is without its deliveries.
 */
export async function fanOut(em: EntityManager, { after, upTo, now }: Placed): Promise<void> {
  // An endpoint that is deleted meanwhile is left out, instead of failing the foreign key.
  await em.execute(
    `with placed as (select ?::bigint as after, ?::bigint as up_to, ?::timestamptz as now),
       endpoint as materialized (select id, types from webhook_endpoints where state = 'active' for key share)
     insert into webhook_deliveries
       (id, event_id, endpoint_id, type, state, attempts, next_attempt_at, created_at)
     select ${NEW_ID}, events.id, endpoint.id, events.type, 'waiting', 0, placed.now, placed.now
     from placed join events on events.position > placed.after and events.position <= placed.up_to
       join endpoint on endpoint.types is null or endpoint.types @> to_jsonb(events.type)
     order by events.position
     on conflict (event_id, endpoint_id) do nothing`,
    [after, upTo, now],
  )
}
