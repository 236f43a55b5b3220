import type { AccountsScope } from '../accounts-scope.ts'
import type { AccountView } from '../accounts.schemas.ts'
import { ACCOUNT_COLUMNS, accountView, MEMBERSHIPS, type AccountRow } from '../roles/account-view.ts'

/** Lists the accounts that a user belongs to: the personal one first, then organizations by name. */
export async function listOwnAccounts({ em }: AccountsScope, { userId }: { userId: string }): Promise<AccountView[]> {
  const rows = await em.execute<AccountRow[]>(
    `select ${ACCOUNT_COLUMNS} from ${MEMBERSHIPS} where member.user_id = ?
     order by account.kind = 'personal' desc, lower(account.name), account.id`,
    [userId],
  )
  return rows.map(accountView)
}
