import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from './clock.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Log } from './log.ts'

/** What a use case may touch while it serves one request or one job. */
export interface Scope {
  /** The unit of work; inside `em.transactional`, the transaction itself. */
  readonly em: EntityManager
  readonly jobs: Jobs
  readonly clock: Clock
  readonly log: Log
}
