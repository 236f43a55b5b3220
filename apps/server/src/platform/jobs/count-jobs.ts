import type { EntityManager } from '@mikro-orm/postgresql'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/**
 * How many jobs wait for their first attempt, how many for another one, and how many were given up. The states are those
 * of `listJobs`.
 *
 * The count uses pg-boss's index of waiting jobs. Its queues have counts as well, but a worker updates them, so they
 * are stale when no worker runs.
 */
export async function countJobs(em: EntityManager): Promise<{ queued: number; retry: number; failed: number }> {
  const [row] = await em.execute<{ queued: string; retry: string; failed: string }[]>(
    `select count(*) filter (where name <> ? and state = 'created') as queued,
       count(*) filter (where name <> ? and state = 'retry') as retry, count(*) filter (where name = ?) as failed
     from pgboss.job where state < 'active'`,
    [DEAD_LETTER_QUEUE, DEAD_LETTER_QUEUE, DEAD_LETTER_QUEUE],
  )
  return { queued: Number(row?.queued ?? 0), retry: Number(row?.retry ?? 0), failed: Number(row?.failed ?? 0) }
}
