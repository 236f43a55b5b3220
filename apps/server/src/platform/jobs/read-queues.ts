import type { EntityManager } from '@mikro-orm/postgresql'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

export interface QueueFigures {
  queue: string
  /** Jobs that wait for a worker or for their time. */
  waiting: number
  running: number
  /** How many seconds the oldest job that is due has waited; 0 if no job is due. */
  oldest: number
}

/**
 * How many jobs wait and run in each queue, and for how long. Jobs that were given up wait in `dead-letter`.
 *
 * pg-boss has an index of unfinished jobs, so the number of finished jobs does not matter.
 */
export async function readQueues(em: EntityManager): Promise<QueueFigures[]> {
  return em.execute<QueueFigures[]>(
    `select q.name as queue,
            count(j.id) filter (where j.state <> 'active')::int as waiting,
            count(j.id) filter (where j.state = 'active')::int as running,
            coalesce(extract(epoch from now() - min(j.start_after)
              filter (where j.state <> 'active' and j.start_after <= now() and q.name <> ?)), 0)::float8 as oldest
     from pgboss.queue q left join pgboss.job j on j.name = q.name and j.state in ('created', 'retry', 'active')
     group by q.name order by q.name`,
    [DEAD_LETTER_QUEUE],
  )
}
