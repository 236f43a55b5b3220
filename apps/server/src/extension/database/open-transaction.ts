import { consume, ConsumeInput, FeatureRequired, type BillingDeps } from '../../billing/index.ts'
import { newId } from '../../platform/database/ids.ts'
import { SECOND } from '../../platform/durations.ts'
import { DomainError } from '../../platform/errors/errors.ts'
import type { Scope } from '../../platform/scope.ts'
import type { OwnQueues } from '../extension.queues.ts'
import { sqlConnectionOf, type SqlConnection } from './sql-connection.ts'

interface BillingScope extends Scope {
  readonly billing: BillingDeps
}

interface Use {
  accountId: string
  feature: string
  amount?: number
  key?: string
}

interface Usage {
  used: number
  limit: number | null
  remaining: number | null
  resetsAt: Date | null
}

export interface Transaction extends SqlConnection {
  /** @throws {FeatureRequired} */
  consume(use: Use): Promise<Usage>
  send(job: string, data: object, options?: { startAfter?: Date }): Promise<void>
}

/**
 * Maximum time of a statement in a transaction, and between two of them. A transaction that waits for something else, such
 * as an answer of another server, would keep its connection from all other calls.
 */
const LONGEST = 30 * SECOND

/** Creates the function that runs the work of a configuration in one transaction. */
export function createTransactions(scope: BillingScope, queues: OwnQueues) {
  return async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const startedAt = performance.now()
    try {
      return await scope.em.transactional(async (em) => {
        await em.execute(
          `select set_config('statement_timeout', ?, true), set_config('idle_in_transaction_session_timeout', ?, true)`,
          [String(LONGEST), String(LONGEST)],
        )
        return work({ ...sqlConnectionOf(em), ...actsIn({ ...scope, em }, queues) })
      })
    } catch (error) {
      if (performance.now() - startedAt < LONGEST || error instanceof DomainError) throw error
      throw new Error(
        `A transaction of the configuration failed. A statement may take ${LONGEST / SECOND} s, and so may the time between two. Make calls to other servers before the transaction.`,
        { cause: error },
      )
    }
  }
}

function actsIn(scope: BillingScope, queues: OwnQueues): Omit<Transaction, keyof SqlConnection> {
  return {
    async consume({ accountId: id, feature, amount, key = newId() }) {
      const input = ConsumeInput.parse({ id, feature, amount, key })
      const { allowed, unlockedBy, used, limit, remaining, resetsAt } = await consume(scope, input)
      if (!allowed) throw new FeatureRequired(unlockedBy ?? null)
      return { used, limit, remaining, resetsAt }
    },
    send: (job, data, options) => sendOwnJob(scope, queues, { job, data, options }),
  }
}

async function sendOwnJob(
  { em, jobs }: Pick<Scope, 'em' | 'jobs'>,
  queues: OwnQueues,
  { job, data, options }: { job: string; data: object; options: { startAfter?: Date } | undefined },
): Promise<void> {
  const queue = queues.get(job)
  if (!queue) throw new Error(`The configuration has no job ${job}.`)
  await jobs.send(em, queue, data, options)
}
