import type { Client } from 'pg'
import type { Deps } from '../../src/deps.ts'
import { startSender, stopJobs } from '../../src/platform/jobs/job-runner.ts'
import { createJobRoutes } from '../../src/worker.ts'

export interface HandWorker extends AsyncDisposable {
  /**
   * Runs all queued jobs, and the jobs that they queue, until none is left. A failed job is retried at once.
   *
   * @throws when jobs still fail after {@link PATIENCE} rounds.
   */
  workOff(options?: { sideBySide?: number }): Promise<void>
}

/** Maximum number of rounds. */
const PATIENCE = 60

/**
 * A worker that runs on command and never waits: a retry is due as soon as nothing else is left to do. It fetches and
 * completes jobs over the server's own wires, so these calls can fail as well.
 *
 * @param database a connection that never fails, for what pg-boss's maintenance does in a real worker.
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

      /** Runs what is due in a queue. A job that fails is due again in the next round. */
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
