import type { SecretSource } from '../../mail/index.ts'
import type { AccountsDeps } from '../accounts-scope.ts'
import { findValidInvitation } from './find-valid-invitation.ts'

/** Creates the links of invitations. The worker calls it just before sending, so no job contains a secret. */
export function createInvitationLinks({ tokens, settings }: AccountsDeps): Pick<SecretSource, 'invitationFor'> {
  return {
    async invitationFor({ em, clock }, invitationId) {
      const [found, now] = [await findValidInvitation(em, invitationId), clock.now()]
      if (!found || now >= found.expiresAt) return null
      const { expiresAt } = found
      return {
        text: `${settings.webUrl}/accept-invitation?token=${tokens.signInvitation({ invitationId, expiresAt }, now)}`,
        lifetime: expiresAt.getTime() - now.getTime(),
      }
    },
  }
}
