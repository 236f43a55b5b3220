import { countAccounts } from '../../auth/index.ts'
import { summarizeBilling } from '../../billing/index.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { countJobs } from '../../platform/jobs/count-jobs.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { Stats } from '../figures.schemas.ts'

/**
 * Counts users, subscriptions, revenue and jobs, without a cache. The queries run one after the other, so that stats
 * never take more than one connection of the pool.
 */
export async function readStats(scope: AdminScope): Promise<Stats> {
  const { em, clock } = scope
  const users = await countAccounts(scope, { since: after(clock.now(), -30 * DAY) })
  return { users, ...(await summarizeBilling(scope)), jobs: await countJobs(em) }
}
