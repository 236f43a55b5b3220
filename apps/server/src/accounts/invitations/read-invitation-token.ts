import type { AccountsScope } from '../accounts-scope.ts'
import { InvitationExpired, InvitationInvalid } from '../accounts.errors.ts'

/**
 * Verifies the token of an invitation's link.
 *
 * @returns the invitation's id.
 * @throws {InvitationInvalid} when the token is forged or for another purpose.
 * @throws {InvitationExpired}
 */
export function readInvitationToken({ accounts, clock }: AccountsScope, token: string): string {
  const verified = accounts.tokens.verifyInvitation(token, clock.now())
  if (!verified.ok) throw verified.expired ? new InvitationExpired() : new InvitationInvalid()
  return verified.claims.invitationId
}
