import type { Scope } from '../../platform/scope.ts'
import type { Actor } from '../accounts-scope.ts'
import { closeOrganization } from '../organizations/close-organization.ts'
import { countMembers } from '../roles/count-members.ts'
import { findMember } from '../roles/find-member.ts'
import { endMembership } from './end-membership.ts'

/**
 * Ends all memberships of a user who closes their own login. Organizations without other members are closed.
 *
 * @param scope whose `em` is a transaction that has locked the user's row. So the user joins nothing meanwhile.
 * @throws {LastOwner} for an organization that would keep members, but no owner. It names the organization.
 */
export async function leaveAllOrganizations(scope: Scope, actor: Actor): Promise<void> {
  const { em } = scope
  // In the order of ids, so that two such transactions can't deadlock.
  const organizations = await em.execute<{ id: string; name: string }[]>(
    `select account.id, account.name from members member join accounts account on account.id = member.account_id
     where member.user_id = ? and account.kind = 'organization' and account.closed_at is null
     order by account.id for no key update of account`,
    [actor.actorId],
  )
  for (const organization of organizations) {
    const member = await findMember(em, organization.id, actor.actorId) // as it is under the lock
    if (!member) continue
    const isAlone = (await countMembers(em, organization.id)) === 1
    if (isAlone) await closeOrganization(scope, actor, organization)
    else await endMembership(scope, actor, organization, member, member.username)
  }
}
