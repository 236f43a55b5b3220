import type { AuthDeps } from '../auth-scope.ts'
import type { SessionView, UserView } from '../auth.schemas.ts'
import type { RefreshClaims } from '../credentials/tokens.ts'

/** What a login or a refresh returns: the body of the response, and the refresh token for the cookie. */
export interface OpenedSession {
  session: SessionView
  refreshToken: string
  refreshExpiresAt: Date
}

/** Signs an access token for a session, and puts it together with the session's refresh token and its user. */
export function openedSession(
  { tokens, settings }: AuthDeps,
  refresh: { token: string; claims: RefreshClaims },
  user: UserView,
  now: Date,
): OpenedSession {
  const { userId, sessionId, sessionExpiresAt } = refresh.claims
  const { isVerified, isAdmin } = user
  // A program that verifies tokens by itself doesn't know when the session ends.
  const ttl = Math.min(settings.accessTokenTtl, sessionExpiresAt.getTime() - now.getTime())
  const access = tokens.signAccess({ userId, sessionId, isVerified, isAdmin }, now, ttl)
  return {
    session: { accessToken: access.token, tokenType: 'Bearer', expiresAt: access.expiresAt, user },
    refreshToken: refresh.token,
    refreshExpiresAt: refresh.claims.expiresAt,
  }
}
