import type { AccountsScope, Actor } from '../accounts-scope.ts'
import type { ByInvitation } from '../accounts.schemas.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { ownInvitation } from './own-invitation.ts'

/**
 * Revokes an open invitation: its links stop working.
 *
 * @throws {InvitationNotFound} also when it was accepted a moment ago.
 * @throws {RoleRequired}
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 */
export async function revokeInvitation(
  scope: AccountsScope,
  actor: Actor,
  { accountId, invitationId }: ByInvitation,
): Promise<void> {
  const access = { userId: actor.actorId, accountId, right: 'manage' } as const
  await lockOrganization(scope, access, async (locked, organization) => {
    const invitation = await ownInvitation(locked, organization, invitationId)
    locked.em.assign(invitation, { status: 'revoked', endedAt: locked.clock.now() })
    const { email, role } = invitation
    auditAccount(locked, actor, { accountId, action: 'invitation.revoke', before: { email, role }, after: null })
  })
}
