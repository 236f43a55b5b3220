import { setTimeout as pause } from 'node:timers/promises'
import type { Endpoints } from '@tollgate/local/endpoints'
import type { Pool } from 'pg'

/** How long the worker may take for the events, in milliseconds. */
const MOST = 60_000

/**
 * Pauses the worker during a measurement of the API. Otherwise the worker would run the thousands of jobs that the load
 * queues, on the same cores. Afterwards, this deletes the queued jobs with what is left of them in the table, and waits
 * until the worker has given all events their places in the feed.
 */
export async function withoutWorker<T>(
  { pids }: Readonly<Endpoints>,
  pool: Pool,
  measure: () => Promise<T>,
): Promise<T> {
  process.kill(pids.worker, 'SIGSTOP')
  try {
    return await measure()
  } finally {
    try {
      await pool.query("delete from pgboss.job where state = 'created'")
      await pool.query('vacuum (analyze) pgboss.job_common')
    } finally {
      process.kill(pids.worker, 'SIGCONT')
    }
    const end = performance.now() + MOST
    while ((await areEventsWaiting(pool)) && performance.now() < end) await pause(200)
  }
}

async function areEventsWaiting(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query('select from events where position is null limit 1')
  return rowCount !== 0
}
