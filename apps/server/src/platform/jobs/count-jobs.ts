import type { EntityManager } from '@mikro-orm/postgresql'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/**
 * How many jobs wait for a worker, now or later, and how many were given up. Counted by pg-boss's own index of waiting
 * jobs: the counts that its queues carry are a worker's, and stand still when there is none.
 */
export async function countJobs(em: EntityManager): Promise<{ queued: number; failed: number }> {
  const [row] = await em.execute<{ queued: string; failed: string }[]>(
    `select count(*) filter (where name <> ?) as queued, count(*) filter (where name = ?) as failed
     from pgboss.job where state < 'active'`,
    [DEAD_LETTER_QUEUE, DEAD_LETTER_QUEUE],
  )
  return { queued: Number(row?.queued ?? 0), failed: Number(row?.failed ?? 0) }
}
