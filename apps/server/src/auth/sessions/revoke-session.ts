import type { AuthScope } from '../auth-scope.ts'
import { SessionNotFound } from '../auth.errors.ts'
import { Session } from '../session.entity.ts'

/**
 * Ends one of the user's own sessions, including its access tokens.
 *
 * @throws {SessionNotFound} when the session is unknown, has already ended, or is another user's.
 */
export async function revokeSession({ em, clock }: AuthScope, input: { id: string; userId: string }): Promise<void> {
  const revoked = await em.nativeUpdate(
    Session,
    { id: input.id, user: input.userId, endedAt: null },
    { endedAt: clock.now(), endedReason: 'revoked' },
  )
  if (revoked === 0) throw new SessionNotFound()
}
