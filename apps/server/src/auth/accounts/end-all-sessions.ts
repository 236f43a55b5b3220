import { recordAudit } from '../../platform/audit/audit.ts'
import { CannotChangeSelf } from '../auth.errors.ts'
import { OAuthCode } from '../oauth-code.entity.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { changeOther, type OperatorOf, type OperatorScope } from './change-other.ts'

/**
 * Ends all sessions of another user, for an admin. They are logged out at their next call.
 *
 * @throws {CannotChangeSelf}
 * @throws {UserNotFound}
 * @throws {AdminOnly}
 */
export async function endAllSessions(
  scope: OperatorScope,
  actor: OperatorOf,
  { id }: { id: string },
): Promise<{ ended: number }> {
  if (id === actor.actorId) throw new CannotChangeSelf()
  return changeOther(scope, actor, id, async ({ em, clock }, user) => {
    await em.nativeDelete(OAuthCode, { user: user.id })
    const ended = await endSessions(em, user.id, 'revoked', clock.now())
    const change = { before: { sessions: ended }, after: { sessions: 0 } }
    recordAudit({ em, clock }, actor, { action: 'user.end_sessions', targetType: 'user', targetId: user.id, ...change })
    return { ended }
  })
}
