import { InvalidInput } from '../../platform/errors/errors.ts'
import {
  changedFields,
  checkOperatorsChange,
  checkOwnersChange,
  writeOwnData,
  type DataChanges,
} from '../../platform/own-data.ts'
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
 * The same for an operator, who need not be a member, and may change all fields.
 *
 * @throws {InvalidInput} for an organization without a name, and for a bad field.
 * @throws {AccountNotFound}
 * @throws {AdminOnly}
 */
export async function updateAnyAccount(
  scope: AccountsScope,
  actor: Actor,
  { accountId, name, ...data }: { accountId: string; name?: string | null | undefined } & DataChanges,
): Promise<void> {
  const own = checkOperatorsChange(scope.accounts.ownFields, data)
  const access = { userId: actor.actorId, accountId, right: 'manage', isOperator: true } as const
  await underAccountLock(scope, access, async (locked, account) => {
    await changeName(locked, actor, account, name)
    await changeData(locked, actor, account, own)
  })
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
  auditAccount(locked, actor, { accountId: id, action: 'account.update', before: null, after: { fields } })
}
