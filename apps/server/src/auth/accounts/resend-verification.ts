import { recordAudit } from '../../platform/audit/audit.ts'
import { isStandInAddress } from '../../platform/reserved-domain.ts'
import type { AuthScope } from '../auth-scope.ts'
import { requestVerificationMail } from '../links/request-verification-mail.ts'
import { changeOther, type OperatorOf } from './change-other.ts'

/**
 * Sends a user the mail that verifies their address again, for an admin. The user's own limit does not count.
 *
 * @returns false if there is nothing to verify, the account is disabled, or its address gets no mail.
 * @throws {UserNotFound}
 * @throws {AdminOnly}
 */
export async function resendVerification(
  scope: AuthScope,
  actor: OperatorOf,
  { id }: { id: string },
): Promise<{ sent: boolean }> {
  return changeOther(scope, actor, id, async (locked, user) => {
    if (user.isVerified || !user.isActive || isStandInAddress(user.email)) return { sent: false }
    await requestVerificationMail(locked, user)
    const change = { before: null, after: { sentTo: user.email } }
    recordAudit(locked, actor, { action: 'user.resend_verification', targetType: 'user', targetId: id, ...change })
    return { sent: true }
  })
}
