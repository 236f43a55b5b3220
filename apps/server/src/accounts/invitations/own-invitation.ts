import type { AccountsScope } from '../accounts-scope.ts'
import { InvitationNotFound, RoleRequired } from '../accounts.errors.ts'
import { Invitation } from '../invitation.entity.ts'
import type { LockedOrganization } from '../roles/lock-organization.ts'
import { mayGive } from '../roles/rights.ts'

/**
 * Finds an open invitation that the caller may change: one that they could have sent.
 *
 * @throws {InvitationNotFound}
 * @throws {RoleRequired}
 */
export async function ownInvitation(
  { em }: AccountsScope,
  { id: account, caller }: LockedOrganization,
  invitationId: string,
): Promise<Invitation> {
  const found = await em.findOne(Invitation, { id: invitationId, account, status: 'open' }, { refresh: true })
  if (!found) throw new InvitationNotFound()
  if (!mayGive(caller.role, found.role)) throw new RoleRequired()
  return found
}
