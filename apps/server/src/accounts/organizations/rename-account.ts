import { InvalidInput } from '../../platform/errors/errors.ts'
import { Account } from '../account.entity.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import type { AccountView, UpdateAccountInput } from '../accounts.schemas.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { readAccount } from '../roles/read-account.ts'
import { underAccountLock, type LockedAccount } from '../roles/under-account-lock.ts'

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
    await changeName(locked, actor, account, name)
    return readAccount(locked.em, { accountId, userId: actor.actorId })
  })
}

/**
 * The same for an operator, who need not be a member.
 *
 * @throws {InvalidInput} for an organization without a name.
 * @throws {AccountNotFound}
 * @throws {AdminOnly}
 */
export async function renameAnyAccount(
  scope: AccountsScope,
  actor: Actor,
  { accountId, name }: UpdateAccountInput,
): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'manage', isOperator: true } as const
  await underAccountLock(scope, access, async (locked, account) => changeName(locked, actor, account, name))
}

async function changeName(
  locked: AccountsScope,
  actor: Actor,
  { id: accountId, kind, name: former }: LockedAccount,
  name: string | null,
): Promise<void> {
  if (name === null && kind === 'organization') throw new InvalidInput({ name: 'is missing' })
  if (name === former) return
  await locked.em.nativeUpdate(Account, { id: accountId }, { name })
  const change = { action: 'account.rename', before: { name: former }, after: { name } }
  auditAccount(locked, actor, { accountId, ...change })
}
