import type { AuthScope } from '../auth-scope.ts'
import { RefreshToken } from '../refresh-token.entity.ts'
import { Session } from '../session.entity.ts'
import type { SessionList } from '../session.schemas.ts'

/** Lists the user's open sessions, last used first. A session's last use is the issue of its newest refresh token. */
export async function listSessions(
  { em, clock }: AuthScope,
  input: { userId: string; sessionId: string },
): Promise<SessionList> {
  const sessions = await em.find(Session, { user: input.userId, endedAt: null, expiresAt: { $gt: clock.now() } })
  const newest = await em.find(RefreshToken, { session: sessions.map(({ id }) => id), rotatedAt: null })
  const lastUsed = new Map(newest.map(({ session, issuedAt }) => [session.id, issuedAt]))

  return sessions
    .map(({ id, createdAt, ip, userAgent }) => {
      return {
        id,
        createdAt,
        lastUsedAt: lastUsed.get(id) ?? createdAt,
        ip,
        userAgent,
        current: id === input.sessionId,
      }
    })
    .toSorted((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime() || (a.id < b.id ? 1 : -1))
}
