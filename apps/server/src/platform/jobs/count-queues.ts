import type { EntityManager } from '@mikro-orm/postgresql'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/** Maximum of each count: a count that reaches it means at least that many. So a backlog of any size is counted fast. */
export const MAXIMUM_COUNTED = 10_000

export interface QueueCount {
  queue: string
  queued: number
  running: number
  retry: number
  failed: number
  /** How many seconds the oldest job that is due has waited; 0 if no job is due. */
  oldest: number
}

/** Counts the unfinished and the failed jobs of each queue. Reads only pg-boss's index of unfinished jobs. */
export async function countQueues(em: EntityManager, queues: readonly string[]): Promise<QueueCount[]> {
  const counted = (state: string) =>
    `(select count(*)::int from (select 1 from pgboss.job
        where name = queue.name and state = '${state}' limit ${MAXIMUM_COUNTED}) counted)`
  const due = (state: string) =>
    `(select min(start_after) from pgboss.job
        where name = queue.name and state = '${state}' and not blocked and start_after <= now())`
  return em.execute<QueueCount[]>(
    `select queue.name as queue, ${counted('created')} as queued, ${counted('active')} as running,
       ${counted('retry')} as retry, coalesce(letters.count, 0)::int as failed,
       coalesce(extract(epoch from now() - least(${due('created')}, ${due('retry')})), 0)::float8 as oldest
     from unnest(?::text[]) as queue (name) left join (
       select source_name, count(*) from (
         select source_name from pgboss.job where name = ? and state = 'created' limit ${MAXIMUM_COUNTED}
       ) counted group by source_name
     ) letters on letters.source_name = queue.name
     order by queue.name`,
    [`{${queues.join(',')}}`, DEAD_LETTER_QUEUE],
  )
}
