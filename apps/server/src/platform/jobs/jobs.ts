import type { EntityManager } from '@mikro-orm/postgresql'
import { fromKysely, type PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { RunPrepared } from '../database/prepared.ts'
import type { Insertion } from './join-statements.ts'
import { createRowJobs, type RowJobsOptions } from './row-jobs.ts'

/** A queue's name, and how its jobs are run and retried. */
export interface QueueSettings {
  readonly name: string
  /** How often a failed job is retried before it goes to the dead-letter queue. */
  readonly retryLimit: number
  /** Seconds before the first retry. Each further retry waits about twice as long. */
  readonly retryDelay: number
  /** Maximum wait between retries, in seconds. */
  readonly retryDelayMax: number
  /** How many batches of this queue one worker process runs at once. */
  readonly concurrency: number
  /** Seconds after which a running job is abandoned and retried. */
  readonly expireInSeconds: number
  /** `exclusive`: while one job waits or runs, no other one is added. */
  readonly policy: 'standard' | 'exclusive'
  /** How many jobs are fetched and completed together. The jobs of a batch run at once. */
  readonly batchSize: number
}

/** A queue with the schema of its jobs. */
export interface QueueDefinition<Data extends object> extends QueueSettings {
  readonly schema: z.ZodType<Data>
  /** Fields of the data that an admin may see. All others stay hidden. */
  readonly shownFields: readonly (keyof Data & string)[]
}

/** Describes a queue. Senders import this, never the handler. */
export function defineQueue<Data extends object>(
  queue: Pick<QueueDefinition<Data>, 'name' | 'schema' | 'shownFields'> & Partial<QueueDefinition<Data>>,
): QueueDefinition<Data> {
  return { ...DEFAULTS, ...queue }
}

const DEFAULTS: Omit<QueueSettings, 'name'> = {
  retryLimit: 12,
  retryDelay: 1,
  retryDelayMax: 600,
  concurrency: 2,
  batchSize: 1,
  expireInSeconds: 300,
  policy: 'standard',
}

/**
 * Thrown for a job that no retry can help. It goes to the dead-letter queue at once, with this message for the admin.
 */
export class JobRefused extends Error {
  override readonly name = 'JobRefused'
}

/** The queue of jobs that were refused or whose retries are used up, until an admin retries them. */
export const DEAD_LETTER_QUEUE = 'dead-letter'

export interface SendJobOptions {
  /** Not before this moment. */
  startAfter?: Date
}

/** Sends jobs as part of a transaction. They exist if and only if the transaction commits. */
export interface Jobs {
  /**
   * @param em the transaction's own entity manager.
   * @throws when `em` is not in a transaction, because it would then silently use another connection.
   */
  send<Data extends object>(
    em: EntityManager,
    queue: QueueDefinition<Data>,
    data: Data,
    options?: SendJobOptions,
  ): Promise<void>

  /**
   * Inserts rows and adds their jobs, all or nothing, even if `run` is not in a transaction. It takes one statement
   * where possible. A row that is not inserted because it already exists gets no job.
   *
   * @param insertions the jobs belong to the rows of the last one.
   * @param jobs each has the id of its row. A row may be without a job.
   * @returns the ids of the jobs that were added.
   */
  sendForRows<Data extends object>(
    run: RunPrepared,
    insertions: readonly Insertion[],
    queue: QueueDefinition<Data>,
    jobs: readonly { id: string; data: Data }[],
  ): Promise<string[]>

  /**
   * Puts jobs that were given up back into their queues, with all their retries. At most 1,000 at once.
   *
   * @returns how many: without those that don't exist, or that someone else already put back.
   */
  redrive(em: EntityManager, deadLetterIds: readonly string[]): Promise<number>

  /** Deletes a job that was given up. */
  discard(em: EntityManager, deadLetterId: string): Promise<void>
}

/** Jobs, and the check of a shortcut that they use. */
export interface CheckedJobs extends Jobs {
  /**
   * Checks whether {@link Jobs.sendForRows} can use one statement, and logs a warning if it can't.
   *
   * @param queue any queue that exists.
   * @returns false if rows and jobs are added by separate statements, which is slower.
   */
  checkShortcut(em: EntityManager, queue: Pick<QueueSettings, 'name'>): Promise<boolean>
}

/** @see docs/decisions/0002-jobs-in-the-transaction.md */
export function createJobs(boss: PgBoss, options: RowJobsOptions): CheckedJobs {
  const rowJobs = createRowJobs(async (queue, added, executeSql) => {
    return (await boss.insert(queue, [...added], { db: { executeSql }, returnId: true })) ?? []
  }, options)
  return {
    async send(em, queue, data, options = {}) {
      if (!em.isInTransaction()) throw new Error(`A job for ${queue.name} was sent outside a transaction.`)
      await boss.send(queue.name, queue.schema.parse(data), { ...options, db: fromKysely(em.getKysely()) })
    },

    sendForRows: async (run, insertions, queue, jobs) =>
      rowJobs.add(
        run,
        insertions,
        queue.name,
        jobs.map(({ id, data }) => ({ id, data: queue.schema.parse(data) })),
      ),

    async redrive(em, deadLetterIds) {
      if (!em.isInTransaction()) throw new Error('Jobs were redriven outside a transaction.')
      if (deadLetterIds.length === 0) return 0
      return boss.redrive(DEAD_LETTER_QUEUE, { ids: [...deadLetterIds], db: fromKysely(em.getKysely()) })
    },

    async discard(em, deadLetterId) {
      await boss.deleteJob(DEAD_LETTER_QUEUE, deadLetterId, { db: fromKysely(em.getKysely()) })
    },

    checkShortcut: (em, { name }) => rowJobs.checkJoining(em, name),
  }
}
