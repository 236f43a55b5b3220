import { recordAudit } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { isStandInAddress } from '../../platform/reserved-domain.ts'
import type { AuthScope } from '../auth-scope.ts'
import { mailResetLink } from '../links/mail-reset-link.ts'
import { changeOther, type OperatorOf } from './change-other.ts'

/**
 * Sends a user a link with which they set a new password, for an admin. The admin never sees the link.
 *
 * @returns false if the account is disabled, or has no address that gets mail.
 * @throws {UserNotFound}
 * @throws {AdminOnly}
 */
export async function sendResetLink(
  scope: AuthScope,
  actor: OperatorOf,
  { id }: { id: string },
): Promise<{ sent: boolean }> {
  return changeOther(scope, actor, id, async (locked, user) => {
    if (!user.isActive || isStandInAddress(user.email)) return { sent: false }
    await mailResetLink(locked, { email: user.email, tokenId: newId() })
    const change = { before: null, after: { sentTo: user.email } }
    recordAudit(locked, actor, { action: 'user.send_reset_link', targetType: 'user', targetId: id, ...change })
    return { sent: true }
  })
}
