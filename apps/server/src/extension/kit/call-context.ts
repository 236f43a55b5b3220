import type { BillingDeps } from '../../billing/index.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import type { Log } from '../../platform/log.ts'
import type { Context } from '../../platform/rpc/trpc.ts'
import type { Scope } from '../../platform/scope.ts'
import { limitedSqlOf } from '../database/limited-sql.ts'
import { createTransactions } from '../database/open-transaction.ts'
import type { OwnQueues } from '../extension.queues.ts'

/** What the configuration's procedures and jobs have in common. */
export interface OwnDeps {
  readonly billing: BillingDeps
  readonly queues: OwnQueues
}

/** Maximum time of a statement outside a transaction: in a procedure, and in a job, which has as much time itself. */
const LONGEST_STATEMENT = { procedure: 30 * SECOND, job: 5 * MINUTE } as const

/** What a procedure or a job of the configuration may touch. */
export function ownContext(
  { em, jobs, clock, log }: Scope,
  { billing, queues }: OwnDeps,
  kind: keyof typeof LONGEST_STATEMENT = 'procedure',
) {
  return {
    now: clock.now(),
    ...limitedSqlOf(em, LONGEST_STATEMENT[kind]),
    log: logOf(log),
    transaction: createTransactions({ em, jobs, clock, log, billing }, queues),
  }
}

/** Lets the configuration write to the log of a call or job. */
export const logOf = (log: Log) => (level: 'info' | 'warn' | 'error', fields: object, message: string) =>
  log[level](fields, message)

/** Takes everything of the server out of a call's context, so that nothing is used, logged or sent by accident. */
export const HIDDEN: { readonly [Key in keyof Context]: undefined } & { readonly caller: undefined } = {
  em: undefined,
  jobs: undefined,
  clock: undefined,
  log: undefined,
  request: undefined,
  cookies: undefined,
  limits: undefined,
  metrics: undefined,
  authenticate: undefined,
  authenticateService: undefined,
  caller: undefined,
}
