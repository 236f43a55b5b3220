import { InvalidInput } from '../../platform/errors/errors.ts'
import { changedFields, checkOwnersChange, writeOwnData, type DataChanges } from '../../platform/own-data.ts'
import { Account } from '../account.entity.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import type { AccountView, UpdateAccountInput } from '../accounts.schemas.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { readAccount } from '../roles/read-account.ts'
import { underAccountLock, type LockedAccount } from '../roles/under-account-lock.ts'

/**
 * Gives an account another name, and changes those fields of the configuration that its members may change. Without a
 * name, a personal account is called like its user.
 *
 * @throws {InvalidInput} for an organization without a name, and for a bad field.
 * @throws {AccountNotFound}
 * @throws {RoleRequired}
 */
export async function updateAccount(
  scope: AccountsScope,
  actor: Actor,
  { accountId, name, publicData }: UpdateAccountInput,
): Promise<AccountView> {
  const own = checkOwnersChange(scope.accounts.ownFields, publicData ?? {})
  const access = { userId: actor.actorId, accountId, right: 'manage' } as const
  return underAccountLock(scope, access, async (locked, account) => {
    await changeName(locked, actor, account, name)
    await changeData(locked, actor, account, { publicData: own })
    return readAccount(locked.em, { accountId, userId: actor.actorId })
  })
}

/**
 * Gives an account another name, for an operator, who need not be a member.
 *
 * @throws {InvalidInput} for an organization without a name.
 * @throws {AccountNotFound}
 * @throws {AdminOnly}
 */
export async function updateAnyAccount(
  scope: AccountsScope,
  actor: Actor,
  { accountId, name }: Omit<UpdateAccountInput, 'publicData'>,
): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'manage', isOperator: true } as const
  await underAccountLock(scope, access, async (locked, account) => changeName(locked, actor, account, name))
}

async function changeName(
  locked: AccountsScope,
  actor: Actor,
  { id: accountId, kind, name: former }: LockedAccount,
  name: string | null | undefined,
): Promise<void> {
  if (name === undefined) return
  if (name === null && kind === 'organization') throw new InvalidInput({ name: 'is missing' })
  if (name === former) return
  await locked.em.nativeUpdate(Account, { id: accountId }, { name })
  const change = { action: 'account.rename', before: { name: former }, after: { name } }
  auditAccount(locked, actor, { accountId, ...change })
}

/** The audit log has the names of the fields only: it is kept for good, and values may be personal. */
async function changeData(
  locked: AccountsScope,
  actor: Actor,
  { id }: LockedAccount,
  data: DataChanges,
): Promise<void> {
  const fields = changedFields(data)
  if (fields.length === 0) return
  await writeOwnData(locked.em, { table: 'accounts', id, now: locked.clock.now() }, data)
  auditAccount(locked, actor, { accountId: id, action: 'account.data', before: null, after: { fields } })
}
