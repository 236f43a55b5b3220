import type { EntityManager } from '@mikro-orm/postgresql'
import type { ExactPosition } from '../database/page.ts'

/** A job that is not done yet, with all its data. Its queue says which fields may be shown. */
export interface WaitingJob {
  id: string
  queue: string
  state: 'queued' | 'running' | 'retry'
  data: Record<string, unknown>
  /** The message of the last error; null if no attempt has failed. */
  error: string | null
  attempts: number
  createdAt: Date
  /** When a worker may run it. */
  dueAt: Date
  startedAt: Date | null
  position: ExactPosition
}

const STATES = { queued: 'created', running: 'active', retry: 'retry' } as const

interface Row {
  id: string
  name: string
  data: Record<string, unknown> | null
  error: string | null
  retry_count: number
  created_on: string
  start_after: string
  started_on: string | null
  at: string
}

/**
 * Lists the jobs in one state, those that are due first in front.
 *
 * pg-boss has an index of the unfinished jobs of each queue by due time. So this reads the first rows of each queue
 * and merges them, however many jobs there are.
 */
export async function listJobs(
  em: EntityManager,
  {
    queues,
    state,
    from,
    limit,
  }: {
    queues: readonly string[]
    state: WaitingJob['state']
    from: ExactPosition | undefined
    limit: number
  },
): Promise<WaitingJob[]> {
  const rows = await em.execute<Row[]>(
    `select merged.* from unnest(?::text[]) as queue (name) cross join lateral (
       select id, name, data, coalesce(output->>'message', output->>'value') as error, retry_count, created_on,
         start_after, started_on, to_char(start_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
       from pgboss.job
       where name = queue.name and state = '${STATES[state]}' and not blocked
         and ${from ? '(start_after, id) > (?::timestamptz, ?::uuid)' : 'true'}
       order by start_after, id limit ?
     ) merged order by merged.start_after, merged.id limit ?`,
    [`{${queues.join(',')}}`, ...(from ? [from.at, from.id] : []), limit, limit],
  )
  return rows.map((row) => ({
    id: row.id,
    queue: row.name,
    state,
    data: row.data ?? {},
    error: row.error,
    // While it runs or waits for its first attempt, that attempt is not over.
    attempts: state === 'retry' ? row.retry_count + 1 : row.retry_count,
    createdAt: new Date(row.created_on),
    dueAt: new Date(row.start_after),
    startedAt: row.started_on === null ? null : new Date(row.started_on),
    position: { at: row.at, id: row.id },
  }))
}

/**
 * Lets a job that waits for its next attempt run now.
 *
 * @returns its queue; null if it no longer waits.
 */
export async function hurryJob(em: EntityManager, queues: readonly string[], id: string): Promise<string | null> {
  const [row] = await em.execute<{ name: string }[]>(
    `update pgboss.job set start_after = now() where name = any(?::text[]) and id = ? and state = 'retry' returning name`,
    [`{${queues.join(',')}}`, id],
  )
  return row?.name ?? null
}
