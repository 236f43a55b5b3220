import { readOwners } from '../../accounts/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { MRR_KINDS, type ListMrrChangesInput, type MrrChangeView, type MrrKind } from '../figures.schemas.ts'
import { dayOf, startOf } from './day.ts'

interface Row {
  id: string
  account_id: string
  day: string
  kind: MrrKind
  currency: string
  opened: string
  closed: string
}

/**
 * Lists what accounts changed in MRR, the latest day first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listMrrChanges(
  { em }: AdminScope,
  { cursor, limit, from, to, kind, currency }: ListMrrChangesInput,
): Promise<Page<MrrChangeView>> {
  const last = cursor ? readCursor(cursor) : undefined
  const conditions: (readonly [string, ...unknown[]])[] = [
    ['kind = any(?::text[])', `{${(kind ? [kind] : MRR_KINDS).join(',')}}`],
    ...(from ? [['day >= ?::date', from] as const] : []),
    ...(to ? [['day <= ?::date', to] as const] : []),
    ...(currency ? [['currency = ?', currency] as const] : []),
    ...(last ? [['(day, id) < (?::date, ?::uuid)', dayOf(last.at), last.id] as const] : []),
  ]
  const rows = await em.execute<Row[]>(
    `select id, account_id, to_char(day, 'YYYY-MM-DD') as day, kind, currency, opened, closed from mrr_changes
     where ${conditions.map(([sql]) => sql).join(' and ')} order by mrr_changes.day desc, id desc limit ?`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  )
  const owners = await readOwners(em, [...new Set(rows.map((row) => row.account_id))])
  return pageOf(
    rows,
    limit,
    ({ id, account_id, day, kind, currency, opened, closed }) => {
      const owner = owners.get(account_id)
      return {
        ...{ id, day, kind, currency },
        ...{ fromCents: Math.round(Number(opened) / 12), toCents: Math.round(Number(closed) / 12) },
        owner: owner ? { account: owner.account, user: { id: owner.user.id, email: owner.user.email } } : null,
      }
    },
    ({ id, day }) => ({ at: startOf(day), id }),
  )
}
