import type { Endpoints } from '@tollgate/local/endpoints'
import type { Pool } from 'pg'

/**
 * Pauses the worker during a measurement of the API. Otherwise the worker would run the thousands of jobs that the load
 * queues, on the same cores. Afterwards, this deletes the queued jobs with what is left of them in the table, and lets
 * the worker continue.
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
    await pool.query("delete from pgboss.job where state = 'created'")
    await pool.query('vacuum (analyze) pgboss.job_common')
    process.kill(pids.worker, 'SIGCONT')
  }
}
