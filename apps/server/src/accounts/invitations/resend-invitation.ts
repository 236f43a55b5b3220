import type { AccountsScope, Actor } from '../accounts-scope.ts'
import type { ByInvitation, InvitationView } from '../accounts.schemas.ts'
import { Invitation } from '../invitation.entity.ts'
import { auditAccount } from '../roles/audit-account.ts'
import { lockOrganization } from '../roles/lock-organization.ts'
import { ownInvitation } from './own-invitation.ts'
import { requireSeatToInvite } from './require-seat.ts'
import { sendInvitation } from './send-invitation.ts'

/**
 * Sends an open invitation again, and renews it.
 *
 * @throws {InvitationNotFound}
 * @throws {RoleRequired}
 * @throws {SeatLimit}
 * @throws {PersonalAccount}
 * @throws {AccountNotFound}
 * @throws {RateLimited}
 */
export async function resendInvitation(
  scope: AccountsScope,
  actor: Actor,
  { accountId, invitationId }: ByInvitation,
): Promise<InvitationView> {
  const { limits } = scope.accounts
  await limits.countInvitation(actor.actorId)
  const known = await scope.em.findOne(Invitation, { id: invitationId, account: accountId, status: 'open' })
  const allowsMail = known !== null && (await limits.allowsMail('invitation', known.email))

  const access = { userId: actor.actorId, accountId, right: 'manage' } as const
  return lockOrganization(scope, access, async (locked, organization) => {
    const { id, email, role } = await ownInvitation(locked, organization, invitationId)
    await requireSeatToInvite(locked, { accountId, email })
    const view = await sendInvitation(locked, organization, { id, email, role, allowsMail })
    auditAccount(locked, actor, {
      accountId,
      action: 'invitation.send',
      before: { email, role },
      after: { email, role },
    })
    return view
  })
}
