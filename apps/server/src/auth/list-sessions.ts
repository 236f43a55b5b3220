import type { AuthScope } from './auth-scope.ts'
import { Session } from './session.entity.ts'
import type { SessionList } from './session.schemas.ts'

/** The user's live sessions, the one last used first. */
export async function listSessions(
  { em, clock }: AuthScope,
  input: { userId: string; sessionId: string },
): Promise<SessionList> {
  const sessions = await em.find(
    Session,
    { user: input.userId, endedAt: null, expiresAt: { $gt: clock.now() } },
    { orderBy: { lastUsedAt: 'desc', id: 'desc' } },
  )
  return sessions.map(({ id, createdAt, lastUsedAt, ip, userAgent }) => {
    return { id, createdAt, lastUsedAt, ip, userAgent, current: id === input.sessionId }
  })
}
