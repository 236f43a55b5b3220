import { pageOf, readExactCursor, type Page } from '../../platform/database/page.ts'
import { listJobs as listWaiting } from '../../platform/jobs/list-jobs.ts'
import { queueNames } from '../../platform/jobs/queue-names.ts'
import type { AdminDeps, AdminScope } from '../admin-scope.ts'
import type { JobView, ListJobsInput } from '../system.schemas.ts'
import { listFailedJobs } from './list-failed-jobs.ts'
import { shownData } from './shown-data.ts'

/**
 * Lists the jobs in one state: failed ones newest first, all others by when they are due. Those of queues that no longer
 * exist in the program are among them.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listJobs(
  scope: Pick<AdminScope & AdminDeps, 'em' | 'queues'>,
  { state, queue, ...page }: ListJobsInput,
): Promise<Page<JobView>> {
  if (state === 'failed') {
    const { items, nextCursor } = await listFailedJobs(scope, { ...page, queue })
    return { items: items.map((job) => ({ ...job, state, dueAt: job.createdAt, startedAt: null })), nextCursor }
  }
  const { em, queues } = scope
  const names = (await queueNames(em, queues)).filter((name) => queue === undefined || name === queue)
  const from = page.cursor ? readExactCursor(page.cursor) : undefined
  const jobs = await listWaiting(em, { queues: names, state, from, limit: page.limit + 1 })
  return pageOf(
    jobs,
    page.limit,
    ({ position: _, ...job }) => ({ ...job, data: shownData(queues, job) }),
    ({ position }) => position,
  )
}
