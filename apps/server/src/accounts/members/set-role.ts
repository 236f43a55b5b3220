import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { MemberNotFound, RoleRequired } from '../accounts.errors.ts'
import { OwnersChanged } from '../accounts.queues.ts'
import type { SetRoleInput } from '../accounts.schemas.ts'
import { Member } from '../member.entity.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { findMember } from '../roles/find-member.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { mayGive } from '../roles/rights.ts'
import { withdrawInvitations } from '../roles/withdraw-invitations.ts'
import { mailOwnershipChange } from './mail-ownership-change.ts'
import { requireOtherOwner } from './require-other-owner.ts'

/**
 * Gives a member another role.
 *
 * @throws {MemberNotFound}
 * @throws {RoleRequired} when the caller may not manage members, or makes or unmakes an owner without being one.
 * @throws {LastOwner} even when two owners take each other's role away at the same time.
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 */
export async function setRole(
  scope: AccountsScope,
  actor: Actor,
  { accountId, userId, role }: SetRoleInput,
): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'manage', isOperator: actor.isOperator } as const
  await lockOrganization(scope, access, async (locked, organization) => {
    const { em, clock, jobs } = locked
    const member = await findMember(em, accountId, userId)
    if (!member) throw new MemberNotFound()
    if (!mayGive(organization.caller.role, role) || !mayGive(organization.caller.role, member.role)) {
      throw new RoleRequired()
    }
    if (member.role === role) return
    if (member.role === 'owner') await requireOtherOwner(em, organization, userId)

    await em.nativeUpdate(Member, { account: accountId, user: userId }, { role })
    await withdrawInvitations(em, { accountId, now: clock.now(), by: { userId, role } })
    const change = { before: { userId, role: member.role }, after: { userId, role } }
    auditAccount(locked, actor, { accountId, action: 'member.set_role', ...change })
    if (role === 'owner' || member.role === 'owner') {
      const { username: changedBy } = organization.caller
      await jobs.send(em, OwnersChanged, { accountId })
      await mailOwnershipChange(locked, organization, { ...member, isOwner: role === 'owner', changedBy })
    }
  })
}
