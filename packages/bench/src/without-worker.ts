import type { Endpoints } from '@tollgate/local/endpoints'
import type { Pool } from 'pg'

/**
 * Lets the worker sleep meanwhile, so that a rate is the API's alone: the thousands of jobs that the load queues would
 * be run on the same cores. They are dropped before it wakes.
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
    process.kill(pids.worker, 'SIGCONT')
  }
}
