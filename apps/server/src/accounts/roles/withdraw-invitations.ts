import type { EntityManager } from '@mikro-orm/postgresql'
import { Invitation } from '../invitation.entity.ts'
import { mayGive, type Role } from './rights.ts'

const ROLES: readonly Role[] = ['owner', 'admin', 'billing', 'member']

/**
 * Revokes all open invitations of an account, or those that a member sent and may no longer send. Otherwise a person
 * could invite themselves under another address, and come back after they were removed.
 *
 * @param em the transaction, which holds the account's lock.
 * @param by the member, with the role that they have from now on; null if they are no longer a member.
 */
export async function withdrawInvitations(
  em: EntityManager,
  { accountId, now, by }: { accountId: string; now: Date; by?: { userId: string; role: Role | null } },
): Promise<void> {
  const { userId, role = null } = by ?? {}
  const lost = ROLES.filter((invited) => role === null || !mayGive(role, invited))
  await em.nativeUpdate(
    Invitation,
    { account: accountId, status: 'open', role: { $in: lost }, ...(userId && { invitedBy: userId }) },
    { status: 'revoked', endedAt: now },
  )
}
