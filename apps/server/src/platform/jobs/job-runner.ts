import { PgBoss, type Job, type JobResult } from 'pg-boss'
import { connectionOf } from '../database/connection.ts'
import { SECOND } from '../durations.ts'
import type { Log } from '../log.ts'
import { withoutRows } from '../without-rows.ts'
import { dueQueues } from './due-queues.ts'
import { DEAD_LETTER_QUEUE, JobRefused, type QueueDefinition, type QueueSettings } from './jobs.ts'

/** How often due jobs are looked for. NOTIFY wakes workers at once, but retries and delayed jobs send none. */
const POLLING_SECONDS = 1
/** How often a worker that is never woken polls, while NOTIFY works and due jobs are looked for. */
const BACKSTOP_SECONDS = 30
const POOL_SIZE = 4

/**
 * The heartbeat timeout of a running job; the worker sends two heartbeats in this time. If none arrives, the worker is
 * considered dead and another one runs the job. This is the shortest timeout that pg-boss allows.
 */
const HEARTBEAT_SECONDS = 10
/** How often workers look for jobs whose worker is dead. */
const SUPERVISE_SECONDS = 5

/** One attempt at a job: the job's id, and how many attempts there were before. */
export interface JobAttempt {
  id: string
  retryCount: number
  /** Aborted when the job has run for too long. Its worker takes no other job until the handler returns. */
  signal?: AbortSignal
}

/** One row of the worker's table: a queue, the handler of its jobs, and its schedule if it has one. */
export interface JobRoute {
  queue: QueueSettings
  run(data: unknown, attempt: JobAttempt): Promise<void>
  /**
   * A cron expression (UTC). Each time it is due, one job with empty data is queued, however many workers there are.
   */
  cron: string | undefined
}

/** Connects a queue to its handler. The job's data is checked against the queue's schema first. */
export function route<Data extends object>(
  queue: QueueDefinition<Data>,
  handle: (data: Data, attempt: JobAttempt) => Promise<void>,
  cron?: string,
): JobRoute {
  return { queue, cron, run: (data, attempt) => handle(queue.schema.parse(data), attempt) }
}

/** Options for processes that use the tables as `migrate` made them. */
const INSTALLED = { max: POOL_SIZE, application_name: 'tollgate-jobs', migrate: false, createSchema: false } as const

/**
 * Starts the queue for the API, which sends jobs but does not run any.
 *
 * @param options.isRegistered whether the process appears among the processes that admins see.
 */
export async function startSender(
  databaseUrl: string,
  log: Log,
  { isRegistered = false }: { isRegistered?: boolean } = {},
): Promise<PgBoss> {
  const boss = new PgBoss({
    ...INSTALLED,
    ...connectionTo(databaseUrl),
    supervise: false,
    schedule: false,
    registerInstance: isRegistered,
  })
  reportErrors(boss, log)
  return boss.start()
}

/** Starts the queue for a worker: with LISTEN/NOTIFY, maintenance of the job tables, and schedules. */
export async function startRunner(databaseUrl: string, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    ...INSTALLED,
    ...connectionTo(databaseUrl),
    useListenNotify: true,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  })
  reportErrors(boss, log)
  return boss.start()
}

/**
 * Starts running the jobs of every route.
 *
 * A worker that has run a job looks for the next one at once. One that found none sleeps until it is woken: by NOTIFY,
 * or by the one query a second that asks which queues have a due job.
 *
 * @see docs/decisions/0036-one-query-wakes-the-workers.md
 */
export async function runJobs(boss: PgBoss, routes: readonly JobRoute[], log: Log): Promise<void> {
  const names = routes.map(({ queue }) => queue.name)
  const canAsk = await dueQueues(boss.getDb(), names).then(
    () => true,
    (error: unknown) => {
      log.warn({ err: error }, "can't look for due jobs of all queues at once, so every worker polls")
      return false
    },
  )
  const workers = new Map<string, string[]>()
  for (const { queue, run, cron } of routes) {
    const options = {
      batchSize: queue.batchSize,
      perJobResults: true,
      pollingIntervalSeconds: POLLING_SECONDS,
      notifyPollingIntervalSeconds: canAsk ? BACKSTOP_SECONDS : POLLING_SECONDS,
    } as const
    const runOne = async (job: JobAttempt & { data: unknown }): Promise<JobResult> => {
      try {
        await run(job.data, job)
        return { id: job.id, status: 'completed' }
      } catch (error) {
        log.warn({ err: error, queue: queue.name, jobId: job.id, retryCount: job.retryCount }, 'job failed')
        return { id: job.id, status: error instanceof JobRefused ? 'deadletter' : 'failed', output: describe(error) }
      }
    }
    const ids: string[] = []
    for (let worker = 0; worker < queue.concurrency; worker += 1) {
      const id = await boss.work(queue.name, options, async (jobs: Job<unknown>[]) => {
        const results = await Promise.all(jobs.map(runOne))
        boss.notifyWorker(ids[worker] ?? '')
        return results
      })
      ids.push(id)
    }
    workers.set(queue.name, ids)
    if (cron) await boss.schedule(queue.name, cron, {}, { tz: 'UTC' })
  }
  if (canAsk) wakeForDueJobs(boss, workers)
}

/** Wakes the workers of the queues that have a due job, once a second, until the queue is stopped. */
function wakeForDueJobs(boss: PgBoss, workers: ReadonlyMap<string, readonly string[]>): void {
  let isAsking = false
  const wake = async () => {
    if (isAsking) return
    isAsking = true
    try {
      for (const queue of await dueQueues(boss.getDb(), [...workers.keys()])) {
        for (const id of workers.get(queue) ?? []) boss.notifyWorker(id)
      }
    } catch {
      // The database is away, which pg-boss reports. Its own slow polling goes on.
    } finally {
      isAsking = false
    }
  }
  const timer = setInterval(() => void wake(), POLLING_SECONDS * SECOND)
  boss.once('stopped', () => clearInterval(timer))
}

/** What is stored with a failed job, for the admin who looks at it. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  return { name: error.name, message: withoutRows(error.message), stack: withoutRows(error.stack ?? '') }
}

/** Creates or updates pg-boss's tables and every queue. It is safe to repeat. */
export async function installQueues(databaseUrl: string, queues: readonly QueueSettings[], log: Log): Promise<void> {
  const boss = new PgBoss({
    ...connectionTo(databaseUrl),
    max: 1,
    supervise: false,
    schedule: false,
    registerInstance: false,
  })
  reportErrors(boss, log)
  await boss.start()
  try {
    await boss.createQueue(DEAD_LETTER_QUEUE, { retryLimit: 0, deleteAfterSeconds: 0, retentionSeconds: 365 * 86_400 })
    for (const queue of queues) {
      const options = {
        retryLimit: queue.retryLimit,
        retryDelay: queue.retryDelay,
        retryDelayMax: queue.retryDelayMax,
        retryBackoff: true,
        expireInSeconds: queue.expireInSeconds,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        deadLetter: DEAD_LETTER_QUEUE,
        notify: true,
      }
      await boss.createQueue(queue.name, { ...options, policy: queue.policy })
      await boss.updateQueue(queue.name, options)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** Waits up to `timeout` milliseconds for running jobs. Another worker retries those that did not finish. */
export async function stopJobs(boss: PgBoss, timeout = 8 * SECOND): Promise<void> {
  await boss.stop({ graceful: true, timeout, close: true })
}

function connectionTo(databaseUrl: string) {
  const { url, ssl } = connectionOf(databaseUrl)
  return { connectionString: url, ssl }
}

function reportErrors(boss: PgBoss, log: Log): void {
  boss.on('error', (error) => log.error({ err: error }, 'job queue error'))
  boss.on('warning', (warning) => log.warn({ warning }, 'job queue warning'))
}
