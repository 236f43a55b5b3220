import type { AuthScope } from '../auth-scope.ts'
import { Session } from '../session.entity.ts'

/** Ends the session of a refresh token. If the token is missing or invalid, there is nothing to end. */
export async function logOut({ em, clock, auth }: AuthScope, presented: string | undefined): Promise<void> {
  const now = clock.now()
  const verified = presented ? auth.tokens.verifyRefresh(presented, now) : undefined
  if (!verified?.ok) return
  await em.nativeUpdate(
    Session,
    { id: verified.claims.sessionId, user: verified.claims.userId, endedAt: null },
    { endedAt: now, endedReason: 'logged_out' },
  )
}
