import { readOwners } from '../../accounts/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { WAITING_FINDINGS } from '../figures.schemas.ts'
import { allOf } from '../lists/conditions.ts'
import type { FindingView, ListFindingsInput } from '../system.schemas.ts'

interface Row {
  id: string
  found_at: string
  kind: FindingView['kind']
  object_type: FindingView['objectType']
  object_id: string
  account_id: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  resolved_at: string | null
  resolved_by: string | null
  resolved_by_email: string | null
  resolution: string | null
}

/** Findings of these kinds wait for a person. All others only say what was corrected. */
const WAITING: ReadonlySet<string> = new Set(WAITING_FINDINGS)
export const FOR_A_PERSON = `f.resolved_at is null and f.kind in ('${WAITING_FINDINGS.join("', '")}')`

/**
 * Lists what comparisons with the payment provider have found, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listFindings(
  { em }: Pick<AdminScope, 'em'>,
  { cursor, limit, kind, objectType, objectId, accountId, isOpen, from, to }: ListFindingsInput,
): Promise<Page<FindingView>> {
  const place = cursor ? readCursor(cursor) : undefined
  const { where, values } = allOf([
    isOpen !== undefined && [isOpen ? FOR_A_PERSON : `not (${FOR_A_PERSON})`],
    kind && ['f.kind = ?', kind],
    objectType && ['f.object_type = ?', objectType],
    objectId !== undefined && ['f.object_id = ?', objectId],
    accountId !== undefined && ['f.account_id = ?', accountId],
    from && ['f.found_at >= ?', from],
    to && ['f.found_at <= ?', to],
    place && ['(f.found_at, f.id) < (?, ?::uuid)', place.at, place.id],
  ])
  const rows = await em.execute<Row[]>(
    `select f.*, u.email as resolved_by_email from reconciliation_findings f left join users u on u.id = f.resolved_by
     where ${where} order by f.found_at desc, f.id desc limit ?`,
    [...values, limit + 1],
  )
  const owners = await readOwners(em, [...new Set(rows.flatMap(({ account_id }) => account_id ?? []))])
  return pageOf(
    rows,
    limit,
    (row) => ({
      id: row.id,
      foundAt: new Date(row.found_at),
      kind: row.kind,
      objectType: row.object_type,
      objectId: row.object_id,
      account: (row.account_id && owners.get(row.account_id)?.account) || null,
      before: row.before,
      after: row.after,
      isOpen: row.resolved_at === null && WAITING.has(row.kind),
      resolution: row.resolved_at === null ? null : resolutionOf(row, row.resolved_at),
    }),
    ({ found_at, id }) => ({ at: new Date(found_at), id }),
  )
}

const resolutionOf = ({ resolved_by, resolved_by_email, resolution }: Row, at: string) => ({
  at: new Date(at),
  by: resolved_by === null ? null : { id: resolved_by, email: resolved_by_email ?? '' },
  note: resolution ?? '',
})
