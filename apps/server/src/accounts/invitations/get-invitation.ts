import type { AccountsScope } from '../accounts-scope.ts'
import { InvitationExpired, InvitationInvalid } from '../accounts.errors.ts'
import type { ReceivedInvitation } from '../accounts.schemas.ts'
import { findValidInvitation } from './find-valid-invitation.ts'
import { readInvitationToken } from './read-invitation-token.ts'

/**
 * Reads the invitation of a mailed link, for the page that asks whether to accept it.
 *
 * @throws {InvitationInvalid}
 * @throws {InvitationExpired}
 */
export async function getInvitation(scope: AccountsScope, { token }: { token: string }): Promise<ReceivedInvitation> {
  const found = await findValidInvitation(scope.em, readInvitationToken(scope, token))
  if (!found) throw new InvitationInvalid()
  const { accountName, role, email, invitedBy, expiresAt } = found
  if (scope.clock.now() >= expiresAt) throw new InvitationExpired()
  return { accountName, role, email, invitedBy, expiresAt }
}
