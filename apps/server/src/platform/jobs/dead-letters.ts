import type { EntityManager } from '@mikro-orm/postgresql'
import type { Position } from '../database/page.ts'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/** A job whose retries are used up, with all its data. Its queue says which fields may be shown. */
export interface DeadLetter {
  id: string
  /** The queue in which it failed. */
  queue: string
  data: Record<string, unknown>
  /** The message of the last error. */
  error: string
  attempts: number
  /** When the job was given up. */
  createdAt: Date
}

/** @returns the queue in which this job failed, and its data; null if there is no such job. */
export async function findDeadLetter(
  em: EntityManager,
  id: string,
): Promise<Pick<DeadLetter, 'queue' | 'data'> | null> {
  const [row] = await em.execute<{ queue: string; data: Record<string, unknown> | null }[]>(
    `select coalesce(source_name, name) as queue, data from pgboss.job
     where name = ? and id = ? and state = 'created' for update`,
    [DEAD_LETTER_QUEUE, id],
  )
  return row ? { queue: row.queue, data: row.data ?? {} } : null
}

/** The ids of the jobs that failed in these queues, the oldest first. Those that another transaction holds are left out. */
export async function findOldestDeadLetters(
  em: EntityManager,
  { queues, limit }: { queues: readonly string[]; limit: number },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from pgboss.job where name = ? and state = 'created' and source_name = any(?::text[])
     order by created_on limit ? for update skip locked`,
    [DEAD_LETTER_QUEUE, `{${queues.join(',')}}`, limit],
  )
  return rows.map(({ id }) => id)
}

/** The ids of a queue's failed jobs whose data has these fields. */
export async function findDeadLettersWith(
  em: EntityManager,
  { name }: { name: string },
  data: Record<string, string>,
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    "select id from pgboss.job where name = ? and state = 'created' and source_name = ? and data @> ?::jsonb",
    [DEAD_LETTER_QUEUE, name, JSON.stringify(data)],
  )
  return rows.map(({ id }) => id)
}

interface Row {
  id: string
  queue: string
  data: Record<string, unknown> | null
  error: string | null
  retries: number | null
  created_at: string
}

/**
 * The jobs that were given up, newest first.
 *
 * pg-boss can only list the oldest first, so this reads its table directly. Cursors have milliseconds, so the order
 * uses milliseconds, too.
 */
export async function findDeadLetters(
  em: EntityManager,
  { from, queue, limit }: { from: Position | undefined; queue?: string | undefined; limit: number },
): Promise<DeadLetter[]> {
  const rows = await em.execute<Row[]>(
    `select * from (
       select id, coalesce(source_name, name) as queue, data, source_retry_count as retries,
              coalesce(source_output->>'message', source_output->>'value', output->>'message') as error,
              date_trunc('milliseconds', created_on) as created_at
       from pgboss.job where name = ? and state = 'created'${queue === undefined ? '' : ' and source_name = ?'}
     ) letters
     where ${from ? '(created_at, id) < (?::timestamptz, ?::uuid)' : 'true'}
     order by created_at desc, id desc limit ?`,
    [DEAD_LETTER_QUEUE, ...(queue === undefined ? [] : [queue]), ...(from ? [from.at, from.id] : []), limit],
  )
  return rows.map(({ id, queue, data, error, retries, created_at }) => ({
    id,
    queue,
    data: data ?? {},
    error: error ?? 'unknown',
    attempts: (retries ?? 0) + 1,
    createdAt: new Date(created_at),
  }))
}
