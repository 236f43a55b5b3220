import { PgBoss, type Job, type JobResult } from 'pg-boss'
import { SECOND } from '../durations.ts'
import type { Log } from '../log.ts'
import { DEAD_LETTER_QUEUE, JobRefused, type QueueDefinition, type QueueSettings } from './jobs.ts'

/** NOTIFY wakes a worker at once; retries and delayed jobs send none, and are seen this often. */
const POLLING_SECONDS = 1
const POOL_SIZE = 4

/**
 * A running job shows a sign of life twice in this many seconds; the worker of one that shows none is taken for dead,
 * and another runs the job. The shortest that pg-boss allows.
 */
const HEARTBEAT_SECONDS = 10
/** How often the workers look for jobs whose worker is dead. */
const SUPERVISE_SECONDS = 5

/** Which delivery of a job this is: its id, and how many times it has been tried before. */
export interface JobAttempt {
  id: string
  retryCount: number
}

/** One row of the worker's table: a queue, what is done with each of its jobs, and when one is queued by itself. */
export interface JobRoute {
  queue: QueueSettings
  run(data: unknown, attempt: JobAttempt): Promise<void>
  /** A cron expression (UTC); each tick queues one job with empty data, however many workers there are. */
  cron: string | undefined
}

/** Ties a queue to its handler; data is checked against the queue's schema before the handler sees it. */
export function route<Data extends object>(
  queue: QueueDefinition<Data>,
  handle: (data: Data, attempt: JobAttempt) => Promise<void>,
  cron?: string,
): JobRoute {
  return { queue, cron, run: (data, attempt) => handle(queue.schema.parse(data), attempt) }
}

/** What the API holds: it sends jobs and runs none. */
export async function startSender(connectionString: string, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString,
    max: POOL_SIZE,
    application_name: 'tollgate-jobs',
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
  })
  reportErrors(boss, log)
  return boss.start()
}

/** What a worker holds: LISTEN/NOTIFY wake-ups, upkeep of the job tables, and the schedules. */
export async function startRunner(connectionString: string, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString,
    max: POOL_SIZE,
    application_name: 'tollgate-jobs',
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  })
  reportErrors(boss, log)
  return boss.start()
}

/** Begins to work off every route's queue. */
export async function runJobs(boss: PgBoss, routes: readonly JobRoute[], log: Log): Promise<void> {
  for (const { queue, run, cron } of routes) {
    const options = {
      localConcurrency: queue.concurrency,
      batchSize: queue.batchSize,
      perJobResults: true,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: POLLING_SECONDS,
      notifyPollingIntervalSeconds: POLLING_SECONDS,
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
    await boss.work(queue.name, options, (jobs: Job<unknown>[]) => Promise.all(jobs.map(runOne)))
    if (cron) await boss.schedule(queue.name, cron, {}, { tz: 'UTC' })
  }
}

/** What stays with a failed job, for the admin who looks at it. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  return { name: error.name, message: error.message, stack: error.stack }
}

/** Creates or updates pg-boss's tables and every queue; safe to repeat. */
export async function installQueues(
  connectionString: string,
  queues: readonly QueueSettings[],
  log: Log,
): Promise<void> {
  const boss = new PgBoss({ connectionString, max: 1, supervise: false, schedule: false, registerInstance: false })
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

/** Lets running jobs finish for at most `timeout` milliseconds; what is left is tried again by another worker. */
export async function stopJobs(boss: PgBoss, timeout = 8 * SECOND): Promise<void> {
  await boss.stop({ graceful: true, timeout, close: true })
}

function reportErrors(boss: PgBoss, log: Log): void {
  boss.on('error', (error) => log.error({ err: error }, 'job queue error'))
  boss.on('warning', (warning) => log.warn({ warning }, 'job queue warning'))
}
