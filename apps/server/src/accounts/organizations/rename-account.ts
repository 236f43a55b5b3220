import { InvalidInput } from '../../platform/errors/errors.ts'
import { Account } from '../account.entity.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import type { AccountView, UpdateAccountInput } from '../accounts.schemas.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { readAccount } from '../roles/read-account.ts'
import { underAccountLock } from '../roles/under-account-lock.ts'

/**
 * Gives an account another name. Without a name, a personal account is called like its user.
 *
 * @throws {InvalidInput} for an organization without a name.
 * @throws {AccountNotFound}
 * @throws {RoleRequired}
 */
export async function renameAccount(
  scope: AccountsScope,
  actor: Actor,
  { accountId, name }: UpdateAccountInput,
): Promise<AccountView> {
  const access = { userId: actor.actorId, accountId, right: 'manage' } as const
  return underAccountLock(scope, access, async (locked, account) => {
    if (name === null && account.kind === 'organization') throw new InvalidInput({ name: 'is missing' })
    if (name !== account.name) {
      await locked.em.nativeUpdate(Account, { id: accountId }, { name })
      const change = { action: 'account.rename', before: { name: account.name }, after: { name } }
      auditAccount(locked, actor, { accountId, ...change })
    }
    return readAccount(locked.em, { accountId, userId: actor.actorId })
  })
}
