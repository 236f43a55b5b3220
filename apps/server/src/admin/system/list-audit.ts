import { auditedId } from '../../platform/audit/audit.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { allOf, inRange } from '../lists/conditions.ts'
import type { AuditEntryView, ListAuditInput } from '../system.schemas.ts'

interface Row {
  id: string
  actor_id: string | null
  actor_email: string | null
  action: string
  target_type: string
  target_id: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  request_id: string | null
  ip: string | null
  created_at: string
}

/**
 * Lists the audit log, newest first. The ids are UUIDv7, so sorting by id sorts by time.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAudit(
  { em }: Pick<AdminScope, 'em'>,
  { cursor, limit, actorId, actorEmail, action, targetType, targetId, from, to }: ListAuditInput,
): Promise<Page<AuditEntryView>> {
  const { where, values } = allOf([
    !!cursor && ['a.id < ?', readCursor(cursor).id],
    actorId !== undefined && ['a.actor_id = ?', actorId],
    actorEmail !== undefined && ['a.actor_id = (select id from users where email = ?)', actorEmail],
    action !== undefined && ['a.action = ?', action],
    targetType !== undefined && ['a.target_type = ?', targetType],
    targetId !== undefined && ['a.target_id = ?', auditedId(targetId)],
    ...inRange('a', { from, to }),
  ])
  const rows = await em.execute<Row[]>(
    `select a.*, u.email as actor_email from audit_entries a left join users u on u.id = a.actor_id
     where ${where} order by a.id desc limit ?`,
    [...values, limit + 1],
  )
  return pageOf(rows, limit, viewOf, ({ created_at, id }) => ({ at: new Date(created_at), id }))
}

function viewOf(row: Row): AuditEntryView {
  return {
    id: row.id,
    actor: row.actor_id === null ? null : { id: row.actor_id, email: row.actor_email ?? '' },
    action: row.action,
    targetType: row.target_type,
    targetId: row.target_id,
    before: row.before,
    after: row.after,
    requestId: row.request_id,
    ip: row.ip,
    createdAt: new Date(row.created_at),
  }
}
