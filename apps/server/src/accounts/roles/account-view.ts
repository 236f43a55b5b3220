import type { AccountView } from '../accounts.schemas.ts'

/** An account with the role of one of its members, as a statement reads it. */
export type AccountRow = Omit<AccountView, 'createdAt' | 'publicData'> & {
  readonly createdAt: Date | string
  readonly publicData: AccountView['publicData'] | null
}

/** The open accounts that users belong to, each with the member it is shown to. */
export const MEMBERSHIPS = `members member join accounts account
  on account.id = member.account_id and account.closed_at is null
  left join users holder on holder.id = account.id`

/** The columns of an {@link AccountRow} of {@link MEMBERSHIPS}. */
export const ACCOUNT_COLUMNS = `account.id, account.kind, coalesce(account.name, holder.username) as name, member.role,
  account.public_data as "publicData", account.created_at as "createdAt"`

/** What a member may see of an account. */
export function accountView({ id, kind, name, role, publicData, createdAt }: AccountRow): AccountView {
  return { id, kind, name, role, publicData: publicData ?? {}, createdAt: new Date(createdAt) }
}
