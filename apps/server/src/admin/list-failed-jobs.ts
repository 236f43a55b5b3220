import { pageOf, readCursor, type Page } from '../platform/database/page.ts'
import { findDeadLetters } from '../platform/jobs/dead-letters.ts'
import type { AdminParts, AdminScope } from './admin-scope.ts'
import type { FailedJobView, PageInput } from './admin.schemas.ts'

/**
 * The jobs whose retries are used up, newest first. Of their data only what their queue marks as safe is shown: of a
 * queue that is no more, nothing.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listFailedJobs(
  { em, queues }: Pick<AdminScope & AdminParts, 'em' | 'queues'>,
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
