import { consume, ConsumeInput, FeatureRequired, type BillingDeps } from '../../billing/index.ts'
import { newId } from '../../platform/database/ids.ts'
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

/** Creates the function that runs the work of a configuration in one transaction. */
export function createTransactions(scope: BillingScope, queues: OwnQueues) {
  return <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    scope.em.transactional(async (em) => work({ ...sqlConnectionOf(em), ...actsIn({ ...scope, em }, queues) }))
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
