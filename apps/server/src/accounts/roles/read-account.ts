import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountNotFound } from '../accounts.errors.ts'
import type { AccountView } from '../accounts.schemas.ts'
import { ACCOUNT_COLUMNS, accountView, MEMBERSHIPS, type AccountRow } from './account-view.ts'

/**
 * Reads an account as one of its members sees it.
 *
 * @throws {AccountNotFound}
 */
export async function readAccount(
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string },
): Promise<AccountView> {
  const [row] = await em.execute<AccountRow[]>(
    `select ${ACCOUNT_COLUMNS} from ${MEMBERSHIPS} where account.id = ? and member.user_id = ?`,
    [accountId, userId],
  )
  if (!row) throw new AccountNotFound()
  return accountView(row)
}
