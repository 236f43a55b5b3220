import type { z } from 'zod'
import type { SqlConnection, Transaction } from './database.ts'

/** What a job may touch. */
export interface JobContext extends SqlConnection {
  readonly jobId: string
  /** How many attempts there were before this one. */
  readonly retryCount: number
  /** Aborted after 5 minutes: the job has then failed, and is retried. Pass it on to `fetch`. */
  readonly signal: AbortSignal
  readonly now: Date
  log(level: 'info' | 'warn' | 'error', fields: object, message: string): void
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

/** A job that workers run. It can run twice: make the second run harmless. */
export interface JobDefinition<Data extends object> {
  /** What a job's data must be. A scheduled job has no data: `{}` has to fit. */
  readonly data: z.ZodType<Data>
  /** A cron expression in UTC. One job is queued each time it is due, however many workers there are. */
  readonly cron?: string
  /** How often a failed job is retried before it waits for an admin; by default 12. */
  readonly retryLimit?: number
  run(context: JobContext, data: Data): Promise<void>
}
