import type { AccountsScope, Actor } from '../accounts-scope.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { endMembership } from './end-membership.ts'

/**
 * Ends the caller's own membership.
 *
 * @throws {LastOwner} even when the last two owners leave at the same time.
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 */
export async function leaveOrganization(
  scope: AccountsScope,
  actor: Actor,
  { accountId }: { accountId: string },
): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'see' } as const
  await lockOrganization(scope, access, async (locked, organization) =>
    endMembership(locked, actor, organization, organization.caller, organization.caller.username),
  )
}
