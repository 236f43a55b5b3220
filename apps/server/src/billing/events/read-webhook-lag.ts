import type { EntityManager } from '@mikro-orm/postgresql'
import { after, type Clock } from '../../platform/clock.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'

const WINDOW = 5 * MINUTE

export interface WebhookLag {
  /** Number of stored events that are not applied yet, including those that failed. */
  open: number
  /** Seconds since the oldest open event arrived; 0 if there is none. */
  oldestOpen: number
  /** Seconds from arrival to application, for the events of the last five minutes. An open event counts until now. */
  p50: number
  p99: number
}

/**
 * Measures how far behind we are in applying Stripe's events. Reads only indexes, because it runs every few seconds.
 */
export async function readWebhookLag(em: EntityManager, clock: Clock): Promise<WebhookLag> {
  const now = clock.now()
  const [row] = await em.execute<{ open: number; oldest: string | null; p50: number | null; p99: number | null }[]>(
    `with open as (
       select count(*)::int as open, min(received_at) as oldest from provider_events where status in ('received', 'failed')
     ), lag as (
       select percentile_cont(array[0.5, 0.99]) within group (
                order by extract(epoch from coalesce(processed_at, ?) - received_at)) as seconds
       from provider_events where received_at > ? and status <> 'ignored'
     )
     select open, oldest, seconds[1] as p50, seconds[2] as p99 from open, lag`,
    [now, after(now, -WINDOW)],
  )
  return {
    open: row?.open ?? 0,
    oldestOpen: row?.oldest ? Math.max(0, now.getTime() - new Date(row.oldest).getTime()) / SECOND : 0,
    p50: row?.p50 ?? 0,
    p99: row?.p99 ?? 0,
  }
}
