import type { EntityManager } from '@mikro-orm/postgresql'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/**
 * How many jobs wait for a worker, now or later, and how many were given up.
 *
 * The count uses pg-boss's index of waiting jobs. Its queues have counts as well, but a worker updates them, so they
 * are stale when no worker runs.
 */
export async function countJobs(em: EntityManager): Promise<{ queued: number; failed: number }> {
  const [row] = await em.execute<{ queued: string; failed: string }[]>(
    `select count(*) filter (where name <> ?) as queued, count(*) filter (where name = ?) as failed
     from pgboss.job where state < 'active'`,
    [DEAD_LETTER_QUEUE, DEAD_LETTER_QUEUE],
  )
  return { queued: Number(row?.queued ?? 0), failed: Number(row?.failed ?? 0) }
}
