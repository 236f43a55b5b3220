import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { MINUTE } from '../../platform/durations.ts'
import { EVENT_COLUMNS, type EventRow } from '../feed/event-body.ts'
import type { EndpointSecret } from '../webhook-endpoint.entity.ts'

/** How long a claim holds. Much longer than an attempt takes: a claim that is this old belongs to a dead process. */
const LEASE = 2 * MINUTE

/** A delivery that this process sends, with all that it takes. */
export interface ClaimedDelivery {
  readonly id: string
  readonly claim: string
  /** How many attempts there were before. */
  readonly attempts: number
  readonly event: EventRow
  readonly endpoint: {
    readonly id: string
    readonly url: string
    readonly secrets: readonly EndpointSecret[]
    readonly failingSince: Date | null
    readonly failedAt: Date | null
  }
}

const DUE_ENDPOINTS = {
  name: 'due-webhook-endpoints',
  text: `select id from webhook_endpoints endpoint
    where state = 'active' and coalesce(quiet_until <= $1, true) and exists (
      select from webhook_deliveries where endpoint_id = endpoint.id and state = 'waiting' and next_attempt_at <= $1)`,
}

/** Returns the ids of the endpoints that have deliveries which are due. */
export async function dueEndpoints(em: EntityManager, now: Date): Promise<string[]> {
  return (await runPrepared<{ id: string }>(em, DUE_ENDPOINTS, [now])).map(({ id }) => id)
}

const CLAIM = {
  name: 'claim-webhook-deliveries',
  text: `with endpoint as (
      select id, url, secrets, failing_since, failed_at from webhook_endpoints
      where id = $1 and state = 'active' and coalesce(quiet_until <= $2, true)
    ), due as (
      select id from webhook_deliveries
      where endpoint_id = (select id from endpoint) and state = 'waiting' and next_attempt_at <= $2
      order by next_attempt_at, id limit $3 for update skip locked
    ), claimed as (
      update webhook_deliveries delivery set claim = $4, next_attempt_at = $5
      from due where delivery.id = due.id
      returning delivery.id, delivery.event_id, delivery.attempts
    )
    select claimed.id as delivery_id, claimed.attempts, ${EVENT_COLUMNS}, endpoint.url, endpoint.secrets, endpoint.failing_since,
      endpoint.failed_at
    from claimed join events e on e.id = claimed.event_id cross join endpoint
    order by e.position`,
}

interface Row extends EventRow {
  delivery_id: string
  attempts: number
  url: string
  secrets: EndpointSecret[]
  failing_since: string | null
  failed_at: string | null
}

/**
 * Claims deliveries of an endpoint that are due, the first ones first. What another process sends is left to it. If this
 * process dies, its claims end by themselves.
 */
export async function claimDeliveries(
  em: EntityManager,
  { endpointId, limit, now }: { endpointId: string; limit: number; now: Date },
): Promise<ClaimedDelivery[]> {
  const claim = newId()
  const rows = await runPrepared<Row>(em, CLAIM, [endpointId, now, limit, claim, after(now, LEASE)])
  return rows.map(({ delivery_id: id, attempts, url, secrets, failing_since, failed_at, ...event }) => ({
    ...{ id, claim, attempts, event },
    endpoint: {
      ...{ id: endpointId, url, secrets },
      failingSince: failing_since === null ? null : new Date(failing_since),
      failedAt: failed_at === null ? null : new Date(failed_at),
    },
  }))
}
