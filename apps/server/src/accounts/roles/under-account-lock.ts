import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountDisabled, AdminOnly } from '../../platform/errors/errors.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { AccountNotFound, RoleRequired } from '../accounts.errors.ts'
import { findMember, type FoundMember } from './find-member.ts'
import { lockAccount, type LockedRow } from './lock-account.ts'
import { mayDo, type Right } from './rights.ts'

/** Who wants to do what in which account. */
export interface Access extends Pick<Actor, 'isOperator'> {
  readonly userId: string
  readonly accountId: string
  readonly right: Right
}

/** A locked account, and the caller as a member of it. */
export interface LockedAccount extends LockedRow {
  readonly caller: FoundMember
}

/**
 * Changes an account in a transaction that holds its lock. The caller's role is read again under the lock: someone else
 * may have removed them since the call began. So are an operator's rights.
 *
 * @throws {AccountNotFound} when the account is closed, or the caller is no member.
 * @throws {RoleRequired}
 * @throws {AccountDisabled}
 * @throws {AdminOnly} for an operator whose rights were removed.
 */
export async function underAccountLock<T>(
  scope: AccountsScope,
  { userId, accountId, right, isOperator }: Access,
  work: (locked: AccountsScope, account: LockedAccount) => Promise<T>,
): Promise<T> {
  return scope.em.transactional(async (em) => {
    // What takes an operator's rights away locks their row for an update, so it waits for this.
    await em.execute('select 1 from users where id = ? for key share', [userId])
    const account = await lockAccount(em, accountId)
    const caller = account && (isOperator ? await findOperator(em, userId) : await findMember(em, accountId, userId))
    if (!caller) throw new AccountNotFound()
    if (!caller.isActive) throw new AccountDisabled()
    if (!mayDo(caller.role, right)) throw new RoleRequired()
    return work({ ...scope, em }, { ...account, caller })
  })
}

/**
 * An operator, as if they were an owner. Mails to members name no operator.
 *
 * @throws {AdminOnly}
 */
async function findOperator(em: EntityManager, userId: string): Promise<FoundMember> {
  const [row] = await em.execute<Pick<FoundMember, 'userId' | 'email' | 'isActive'>[]>(
    `select id as "userId", email, is_active as "isActive" from users
     where id = ? and is_admin and is_active and is_verified`,
    [userId],
  )
  if (!row) throw new AdminOnly()
  return { ...row, username: 'Support', role: 'owner', joinedAt: new Date(0) }
}
