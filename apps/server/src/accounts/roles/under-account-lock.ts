import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AccountsScope } from '../accounts-scope.ts'
import { AccountNotFound, RoleRequired } from '../accounts.errors.ts'
import { findMember, type FoundMember } from './find-member.ts'
import { lockAccount, type LockedRow } from './lock-account.ts'
import { mayDo, type Right } from './rights.ts'

/** A locked account, and the caller as a member of it. */
export interface LockedAccount extends LockedRow {
  readonly caller: FoundMember
}

/**
 * Changes an account in a transaction that holds its lock. The caller's role is read again under the lock: someone else
 * may have removed them since the call began.
 *
 * @throws {AccountNotFound} when the account is closed, or the caller is no member.
 * @throws {RoleRequired}
 * @throws {AccountDisabled}
 */
export async function underAccountLock<T>(
  scope: AccountsScope,
  { userId, accountId, right }: { userId: string; accountId: string; right: Right },
  work: (locked: AccountsScope, account: LockedAccount) => Promise<T>,
): Promise<T> {
  return scope.em.transactional(async (em) => {
    await em.execute('select 1 from users where id = ? for key share', [userId])
    const account = await lockAccount(em, accountId)
    const caller = account && (await findMember(em, accountId, userId))
    if (!caller) throw new AccountNotFound()
    if (!caller.isActive) throw new AccountDisabled()
    if (!mayDo(caller.role, right)) throw new RoleRequired()
    return work({ ...scope, em }, { ...account, caller })
  })
}
