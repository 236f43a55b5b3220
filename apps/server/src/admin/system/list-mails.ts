import { previewMail, storedContent, type MailDeps } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import { oldestIdOf } from '../../platform/database/ids.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import { DAY } from '../../platform/durations.ts'
import type { AdminScope } from '../admin-scope.ts'
import { allOf, inRange, type Condition } from '../lists/conditions.ts'
import type { ListMailsInput, MailView } from '../system.schemas.ts'

export interface MailRow {
  id: string
  fact: string
  template: string
  recipient: string
  user_id: string | null
  time_zone: string | null
  props: Record<string, unknown> | null
  created_at: string
  sent_at: string | null
  dropped_at: string | null
  failed_at: string | null
  last_error: string | null
}

/** In which the mail `m` shows times. */
export const READER_ZONE = '(select time_zone from profiles where user_id = m.user_id) as time_zone'

/**
 * After this time, no retry is left. A mail that is neither sent nor failed by then was dropped by an older version,
 * which kept no record of it.
 */
const RETRIED_FOR = 3 * DAY

const UNSENT = 'm.sent_at is null and m.failed_at is null'

/**
 * Lists mails, newest first. The ids are UUIDv7, so sorting by id sorts by time.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listMails(
  { em, clock, mail }: Pick<AdminScope, 'em' | 'clock'> & { mail?: MailDeps },
  { cursor, limit, template, state, email, sentLast24h, from, to }: ListMailsInput,
): Promise<Page<MailView>> {
  const now = clock.now()
  const { where, values } = allOf([
    !!cursor && ['m.id < ?', readCursor(cursor).id],
    template !== undefined && ['m.template = ?', template],
    email !== undefined && ['m.recipient = ?', email],
    sentLast24h && ['m.sent_at >= ?', after(now, -DAY)],
    ...inRange('m', { from, to }),
    state && inState(state, now),
  ])
  const rows = await em.execute<MailRow[]>(
    `select m.*, ${READER_ZONE} from mails m where ${where} order by m.id desc limit ?`,
    [...values, limit + 1],
  )
  return pageOf(
    rows,
    limit,
    (row) => mailView(row, mail, now),
    ({ created_at, id }) => ({ at: new Date(created_at), id }),
  )
}

function inState(state: MailView['state'], now: Date): Condition {
  const oldest = oldestIdOf(after(now, -RETRIED_FOR))
  switch (state) {
    case 'sent':
      return ['m.sent_at is not null']
    case 'failed':
      return ['m.failed_at is not null']
    case 'queued':
      return [`${UNSENT} and m.dropped_at is null and m.id >= ?::uuid`, oldest]
    case 'expired':
      return [`${UNSENT} and (m.dropped_at is not null or m.id < ?::uuid)`, oldest]
  }
}

/** @param mail undefined: without the subject. */
export function mailView(row: MailRow, mail: MailDeps | undefined, now: Date): MailView {
  const content = storedContent(row.template, row.props)
  return {
    id: row.id,
    template: row.template,
    email: row.recipient,
    subject: mail && content ? previewMail(content, mail.site, row.time_zone).subject : null,
    state: stateOf(row, now),
    createdAt: new Date(row.created_at),
    sentAt: row.sent_at === null ? null : new Date(row.sent_at),
    lastError: row.last_error,
  }
}

function stateOf({ sent_at, failed_at, dropped_at, created_at }: MailRow, now: Date): MailView['state'] {
  if (sent_at !== null) return 'sent'
  if (failed_at !== null) return 'failed'
  return dropped_at !== null || new Date(created_at) < after(now, -RETRIED_FOR) ? 'expired' : 'queued'
}
