import type { AccountsScope } from '../accounts-scope.ts'
import { PersonalAccount } from '../accounts.errors.ts'
import { underAccountLock, type Access, type LockedAccount } from './under-account-lock.ts'

/** A locked account that has a name and may have many members. */
export interface LockedOrganization extends LockedAccount {
  readonly name: string
}

/**
 * The same as {@link underAccountLock}, for what only organizations have: members, invitations, and an end.
 *
 * @throws {PersonalAccount}
 * @throws {AccountNotFound} when the account is closed, or the caller is no member.
 * @throws {RoleRequired}
 * @throws {AccountDisabled}
 */
export async function lockOrganization<T>(
  scope: AccountsScope,
  access: Access,
  work: (locked: AccountsScope, organization: LockedOrganization) => Promise<T>,
): Promise<T> {
  return underAccountLock(scope, access, async (locked, account) => {
    if (account.kind === 'personal' || account.name === null) throw new PersonalAccount()
    return work(locked, { ...account, name: account.name })
  })
}
