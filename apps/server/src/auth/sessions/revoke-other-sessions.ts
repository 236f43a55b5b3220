import type { AuthScope } from '../auth-scope.ts'
import { OAuthCode } from '../oauth-code.entity.ts'
import { endSessions } from './end-sessions.ts'

/** Ends all of the user's sessions except the caller's, and voids the codes with which apps would open others. */
export async function revokeOtherSessions(
  { em, clock }: AuthScope,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<{ revoked: number }> {
  await em.nativeDelete(OAuthCode, { user: userId }) // first: it waits for an exchange that is running
  return { revoked: await endSessions(em, userId, 'revoked', clock.now(), sessionId) }
}
