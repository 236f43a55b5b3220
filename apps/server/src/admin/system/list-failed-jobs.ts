import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import { findDeadLetters } from '../../platform/jobs/dead-letters.ts'
import type { AdminDeps, AdminScope } from '../admin-scope.ts'
import type { PageInput } from '../admin.schemas.ts'
import type { FailedJobView } from '../system.schemas.ts'
import { shownData } from './shown-data.ts'

/**
 * Lists the jobs that failed for good, newest first. Shows only the data fields that their queue marks as safe,
 * and none if the queue no longer exists.
 *
 * @param input.queue only jobs that failed in this queue.
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listFailedJobs(
  { em, queues }: Pick<AdminScope & AdminDeps, 'em' | 'queues'>,
  { cursor, limit, queue }: PageInput & { queue?: string | undefined },
): Promise<Page<FailedJobView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const letters = await findDeadLetters(em, { from, queue, limit: limit + 1 })
  return pageOf(
    letters,
    limit,
    (letter) => ({ ...letter, data: shownData(queues, letter) }),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}
