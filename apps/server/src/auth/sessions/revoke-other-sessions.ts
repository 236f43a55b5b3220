import type { AuthScope } from '../auth-scope.ts'
import { endSessions } from './end-sessions.ts'

/** Ends all of the user's sessions except the caller's. */
export async function revokeOtherSessions(
  { em, clock }: AuthScope,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<{ revoked: number }> {
  return { revoked: await endSessions(em, userId, 'revoked', clock.now(), sessionId) }
}
