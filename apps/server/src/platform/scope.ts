import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from './clock.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Log } from './log.ts'

/** What a use case may touch while it serves one request or one job. */
export interface Scope {
  /** The unit of work. Inside `em.transactional`, it is the transaction. */
  readonly em: EntityManager
  readonly jobs: Jobs
  readonly clock: Clock
  readonly log: Log
}

/**
 * Creates a function that turns a request's context into a use case's scope: the four parts of {@link Scope}, and
 * `own`. The rest of the context, such as cookies, stays with the router.
 */
export const scopeWith =
  <Own extends object>(own: Own) =>
  ({ em, jobs, clock, log }: Scope): Scope & Own => ({ em, jobs, clock, log, ...own })
