import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
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
  { cursor, limit, actorId, action, targetId }: ListAuditInput,
): Promise<Page<AuditEntryView>> {
  const conditions = [
    ...(cursor ? [['a.id < ?', readCursor(cursor).id]] : []),
    ...(actorId ? [['a.actor_id = ?', actorId]] : []),
    ...(action === undefined ? [] : [['a.action = ?', action]]),
    ...(targetId === undefined ? [] : [['a.target_id = ?', targetId]]),
  ]
  const rows = await em.execute<Row[]>(
    `select a.*, u.email as actor_email from audit_entries a left join users u on u.id = a.actor_id
     where ${conditions.map(([sql]) => sql).join(' and ') || 'true'} order by a.id desc limit ?`,
    [...conditions.map(([, value]) => value), limit + 1],
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
