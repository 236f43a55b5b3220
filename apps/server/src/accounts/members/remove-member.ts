import { queueMail } from '../../mail/index.ts'
import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { MemberNotFound, RoleRequired } from '../accounts.errors.ts'
import type { ByMember } from '../accounts.schemas.ts'
import { findMember } from '../roles/find-member.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { mayGive } from '../roles/rights.ts'
import { endMembership } from './end-membership.ts'

/**
 * Removes a member. They are out at their next call.
 *
 * @throws {MemberNotFound}
 * @throws {RoleRequired} when the caller may not manage members, or removes an owner without being one.
 * @throws {LastOwner} even when two owners remove each other at the same time.
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 */
export async function removeMember(scope: AccountsScope, actor: Actor, { accountId, userId }: ByMember): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'manage', isOperator: actor.isOperator } as const
  await lockOrganization(scope, access, async (locked, organization) => {
    const { em, clock } = locked
    const member = await findMember(em, accountId, userId)
    if (!member) throw new MemberNotFound()
    if (!mayGive(organization.caller.role, member.role)) throw new RoleRequired()

    await endMembership(locked, actor, organization, member, organization.caller.username)
    if (userId === actor.actorId || !member.isActive) return
    await queueMail(em, locked, {
      fact: `member-removed:${accountId}:${userId}:${member.joinedAt.toISOString()}`,
      ...{ to: member.email, userId },
      template: 'member-removed',
      props: { username: member.username, accountName: organization.name, at: clock.now().toISOString() },
    })
  })
}
