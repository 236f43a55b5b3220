import type { EntityManager } from '@mikro-orm/postgresql'
import type { Position } from '../database/page.ts'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/** A job whose retries are used up, with all of its data: what of it may be shown, its queue says. */
export interface DeadLetter {
  id: string
  /** The queue in which it failed. */
  queue: string
  data: Record<string, unknown>
  /** What was thrown last. */
  error: string
  attempts: number
  /** When it was given up. */
  createdAt: Date
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
 * The jobs that were given up, newest first. pg-boss lists oldest first only, so its table is read directly; cursors
 * count in milliseconds, and so does the order.
 */
export async function findDeadLetters(
  em: EntityManager,
  { from, limit }: { from: Position | undefined; limit: number },
): Promise<DeadLetter[]> {
  const rows = await em.execute<Row[]>(
    `select * from (
       select id, coalesce(source_name, name) as queue, data, source_retry_count as retries,
              coalesce(source_output->>'message', source_output->>'value', output->>'message') as error,
              date_trunc('milliseconds', created_on) as created_at
       from pgboss.job where name = ?
     ) letters
     where ${from ? '(created_at, id) < (?::timestamptz, ?::uuid)' : 'true'}
     order by created_at desc, id desc limit ?`,
    [DEAD_LETTER_QUEUE, ...(from ? [from.at, from.id] : []), limit],
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
