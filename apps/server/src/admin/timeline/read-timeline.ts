import type { Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { TimelineEntry, TimelineInput } from '../timeline.schemas.ts'
import { auditSource } from './audit-source.ts'
import { entryOf, type TimelineRow } from './entry-view.ts'
import { readPlace, writePlace } from './place.ts'
import { rowsOf } from './source.ts'
import { sourcesOf } from './sources.ts'
import { readSubject } from './subject.ts'

/**
 * Reads what happened to a person or an organization, newest first, from all that is recorded about them.
 *
 * One statement takes as many rows from each source as the page needs, then merges them. So a page costs the same
 * however much there is. Rows that retention has deleted are no longer in it.
 *
 * @throws {UserNotFound}
 * @throws {AccountNotFound}
 * @throws {InvalidInput} for a bad cursor.
 */
export async function readTimeline(
  { em }: Pick<AdminScope, 'em'>,
  { userId, accountId, cursor, limit, kinds }: TimelineInput,
): Promise<Page<TimelineEntry>> {
  const place = cursor ? readPlace(cursor) : undefined
  const subject = await readSubject(em, { userId, accountId })
  const audit = auditSource(subject, kinds, place, limit + 1)
  const sources = [...sourcesOf(subject), ...(audit ? [audit] : [])].filter(
    (source) => !kinds || source.kinds.some((kind) => kinds.includes(kind)),
  )
  const selects = sources.map((source) => rowsOf(source, place, limit + 1))
  const rows = await em.execute<TimelineRow[]>(
    `select source, rank, key, facts, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment
     from (${selects.map(({ sql }) => sql).join(' union all ')}) rows
     order by at desc, rank desc, key desc limit ${limit + 1}`,
    selects.flatMap(({ values }) => values),
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => entryOf(row, subject)),
    nextCursor: rows.length > limit && last ? writePlace(last) : null,
  }
}
