import type { EntityManager } from '@mikro-orm/postgresql'
import type { AccountDetails, AccountListItem } from '../people.schemas.ts'

export type AccountRow = Omit<AccountListItem, 'createdAt' | 'subscription'> & { readonly createdAt: Date }
type Raw = Omit<AccountRow, 'createdAt'> & { readonly createdAt: string }

/** The condition for a closed account, of the tables `account` and `holder`. */
export const IS_CLOSED = '(account.closed_at is not null or (holder.id is not null and not holder.is_active))'

const OWNER = `select jsonb_build_object('id', person.id, 'email', person.email, 'username', person.username,
    'isActive', person.is_active) as facts
  from members member join users person on person.id = member.user_id
  where member.account_id = account.id and member.role = 'owner'
  order by person.is_active desc, member.joined_at, person.id`

/** Reads accounts as a list shows them, in the order of the ids. Unknown ids are left out. */
export async function readAccountRows(em: EntityManager, ids: readonly string[]): Promise<AccountRow[]> {
  if (ids.length === 0) return []
  const rows = await em.execute<Raw[]>(
    `select account.id, account.kind, coalesce(account.name, holder.username) as name, account.created_at as "createdAt",
       ${IS_CLOSED} as "isClosed",
       (select facts from (${OWNER} limit 1) owner) as owner,
       (select count(*)::int from members member where member.account_id = account.id) as members
     from unnest(?::uuid[]) with ordinality as wanted (id, place) join accounts account on account.id = wanted.id
       left join users holder on holder.id = account.id
     order by wanted.place`,
    [`{${ids.join(',')}}`],
  )
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }))
}

/** Reads the owners of an account, first those who can log in. */
export async function readOwnersOfAccount(em: EntityManager, accountId: string): Promise<AccountDetails['owners']> {
  const rows = await em.execute<{ facts: AccountDetails['owners'][number] }[]>(
    `${OWNER.replace('member.account_id = account.id', 'member.account_id = ?')} limit 50`,
    [accountId],
  )
  return rows.map(({ facts }) => facts)
}
