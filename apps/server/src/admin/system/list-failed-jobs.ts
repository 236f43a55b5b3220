import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import { findDeadLetters } from '../../platform/jobs/dead-letters.ts'
import type { AdminDeps, AdminScope } from '../admin-scope.ts'
import type { PageInput } from '../admin.schemas.ts'
import type { FailedJobView } from '../system.schemas.ts'

/**
 * Lists the jobs that failed for good, newest first. Shows only the data fields that their queue marks as safe,
 * and none if the queue no longer exists.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listFailedJobs(
  { em, queues }: Pick<AdminScope & AdminDeps, 'em' | 'queues'>,
  { cursor, limit }: PageInput,
): Promise<Page<FailedJobView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const letters = await findDeadLetters(em, { from, limit: limit + 1 })
  const shownFields = new Map(queues.map(({ name, shownFields }) => [name, shownFields]))
  return pageOf(
    letters,
    limit,
    ({ data, ...letter }) => ({ ...letter, data: pick(data, shownFields.get(letter.queue) ?? []) }),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}

function pick(data: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((field) => Object.hasOwn(data, field)).map((field) => [field, data[field]]))
}
