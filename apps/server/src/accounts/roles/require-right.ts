import type { EntityManager } from '@mikro-orm/postgresql'
import { runPrepared } from '../../platform/database/prepared.ts'
import { AccountNotFound, RoleRequired } from '../accounts.errors.ts'
import { mayDo, type Right, type Role } from './rights.ts'

/** The account that a call is about, and the caller's role in it. */
export interface CallersAccount {
  readonly id: string
  readonly kind: 'personal' | 'organization'
  readonly role: Role
}

const READ_ROLE = {
  name: 'read-role',
  text: `select account.kind, member.role from members member join accounts account on account.id = member.account_id
     where member.account_id = $1 and member.user_id = $2 and account.closed_at is null`,
}

/**
 * Requires that a user may do something in an account. The role is read at each call, so a removed member is out at the
 * next one. For a user's own personal account nothing is read: its id is the user's.
 *
 * @throws {AccountNotFound} for someone who is not a member, whether or not the account exists.
 * @throws {RoleRequired} for a member whose role does not suffice.
 */
export async function requireRight(
  em: EntityManager,
  { userId, accountId, right }: { userId: string; accountId: string; right: Right },
): Promise<CallersAccount> {
  if (accountId === userId) return { id: accountId, kind: 'personal', role: 'owner' }
  const [member] = await runPrepared<Pick<CallersAccount, 'kind' | 'role'>>(em, READ_ROLE, [accountId, userId])
  if (!member) throw new AccountNotFound()
  if (!mayDo(member.role, right)) throw new RoleRequired()
  return { id: accountId, ...member }
}
