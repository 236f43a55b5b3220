import type { Scope } from '../../platform/scope.ts'
import type { Actor } from '../accounts-scope.ts'
import { MembersChanged, OwnersChanged } from '../accounts.queues.ts'
import { Member } from '../member.entity.ts'
import { auditAccount } from '../roles/audit-account.ts'
import type { FoundMember } from '../roles/find-member.ts'
import { withdrawInvitations } from '../roles/withdraw-invitations.ts'
import { mailOwnershipChange } from './mail-ownership-change.ts'
import { requireOtherOwner } from './require-other-owner.ts'

/**
 * Ends a membership. It never waits for the payment provider: a job in the same transaction does what follows there.
 *
 * @param scope whose `em` is a transaction that holds the account's lock.
 * @param changedBy the username of who ends it.
 * @throws {LastOwner}
 */
export async function endMembership(
  scope: Scope,
  actor: Actor,
  organization: { id: string; name: string },
  { userId, username, role }: FoundMember,
  changedBy: string,
): Promise<void> {
  const { em, clock, jobs } = scope
  const { id: accountId } = organization
  if (role === 'owner') await requireOtherOwner(em, organization, userId)
  await em.nativeDelete(Member, { account: accountId, user: userId })
  await withdrawInvitations(em, { accountId, now: clock.now(), by: { userId, role: null } })
  await jobs.send(em, MembersChanged, { accountId })
  const action = userId === actor.actorId ? 'member.leave' : 'member.remove'
  auditAccount(scope, actor, { accountId, action, before: { userId, role }, after: null })
  if (role !== 'owner') return
  await jobs.send(em, OwnersChanged, { accountId })
  await mailOwnershipChange(scope, organization, { userId, username, isOwner: false, changedBy })
}
