import type { Client } from 'pg'
import type { Deps } from '../../src/deps.ts'
import { startSender, stopJobs } from '../../src/platform/jobs/job-runner.ts'
import { createJobRoutes } from '../../src/worker.ts'

export interface HandWorker extends AsyncDisposable {
  /**
   * Works off all that is queued, and what that queues, until nothing is left; what fails is tried again at once.
   *
   * @throws when jobs go on failing although nothing is made to fail any more.
   */
  workOff(options?: { sideBySide?: number }): Promise<void>
}

const PATIENCE = 60

/**
 * A worker that runs when it is told to and never waits: time passes between two tries of a job as soon as nothing else
 * is left to do. Fetching and settling jobs go by the server's own wires, so that they fail, too.
 *
 * @param database a connection that never fails, for what pg-boss's own upkeep does in a worker that runs for long.
 */
export async function startHandWorker(deps: Deps, database: Client): Promise<HandWorker> {
  const boss = await startSender(deps.config.DATABASE_URL, deps.log)
  const routes = new Map(createJobRoutes(deps).map((route) => [route.queue.name, route]))

  const waiting = async () => {
    const { rows } = await database.query<{ name: string }>(
      `with waiting as (
         update pgboss.job set state = case when state = 'active' then 'retry' else state end, start_after = now()
         where name = any($1) and state in ('created', 'retry', 'active') returning name
       ) select distinct name from waiting order by name`,
      [[...routes.keys()]],
    )
    return rows.map(({ name }) => name)
  }

  async function runSome(name: string, sideBySide: number): Promise<void> {
    const jobs = await boss.fetch<unknown>(name, { batchSize: sideBySide })
    await Promise.all(
      jobs.map(async (job) => {
        const failure = await failureOf(async () => routes.get(name)?.run(job.data, job))
        await (failure ? boss.fail(name, job.id, { message: failure.message }) : boss.complete(name, job.id))
      }),
    )
  }

  return {
    async workOff({ sideBySide = 1 } = {}) {
      for (let round = 0, last: Error | null = null; ; round++) {
        const names = await waiting()
        if (names.length === 0) return
        if (round > PATIENCE) throw new Error(`Still failing: ${names.join(', ')}`, { cause: last })
        for (const name of names) last = (await failureOf(async () => drain(name, sideBySide))) ?? last
      }

      /** Until the queue has nothing more that is due: a job that failed comes with the next round. */
      async function drain(name: string, count: number): Promise<void> {
        const { rows } = await database.query<{ jobs: number }>(
          "select count(*)::int as jobs from pgboss.job where name = $1 and state in ('created', 'retry')",
          [name],
        )
        for (let left = rows[0]?.jobs ?? 0; left > 0; left -= count) await runSome(name, count)
      }
    },
    [Symbol.asyncDispose]: () => stopJobs(boss, 1_000),
  }
}

async function failureOf(work: () => Promise<unknown>): Promise<Error | null> {
  try {
    await work()
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error('failed', { cause: error })
  }
}
