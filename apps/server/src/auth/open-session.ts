import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { AuthRequestScope } from './auth-scope.ts'
import type { SessionView } from './auth.schemas.ts'
import { userView } from './user-view.ts'
import type { User } from './user.entity.ts'

/** What a log-in or a refresh gives: the answer's body, and the token for the cookie. */
export interface OpenedSession {
  session: SessionView
  refreshToken: string
  refreshExpiresAt: Date
}

/**
 * Opens a session for a user whose row the transaction has locked, and under policy `single` ends the others.
 *
 * One statement: under the lock no other log-in of this user runs, so none can slip past the ending of the others.
 */
export async function openSession(em: EntityManager, scope: AuthRequestScope, user: User): Promise<OpenedSession> {
  const { clock, request } = scope
  const { tokens, settings } = scope.auth
  const now = clock.now()
  const sessionId = newId()
  const claims = {
    jti: newId(),
    userId: user.id,
    sessionId,
    issuedAt: now,
    expiresAt: after(now, Math.min(settings.refreshTokenTtl, settings.sessionMaxAge)),
    sessionExpiresAt: after(now, settings.sessionMaxAge),
  }
  const { token, keyId } = tokens.signRefresh(claims)

  await em.execute(
    `with replaced as (
       update sessions set ended_at = ?, ended_reason = 'replaced' where user_id = ? and ended_at is null and ?
     ), opened as (
       insert into sessions (id, user_id, ip, user_agent, created_at, last_used_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?)
     )
     insert into refresh_tokens (jti, session_id, hash, key_id, issued_at, expires_at) values (?, ?, ?, ?, ?, ?)`,
    [
      ...[now, user.id, settings.sessionPolicy === 'single'],
      ...[sessionId, user.id, request.ip, request.userAgent, now, now, claims.sessionExpiresAt],
      ...[claims.jti, sessionId, tokens.hashRefresh(token, keyId), keyId, now, claims.expiresAt],
    ],
  )
  const access = tokens.signAccess({ userId: user.id, sessionId }, now, settings.accessTokenTtl)
  return {
    session: { accessToken: access.token, tokenType: 'Bearer', expiresAt: access.expiresAt, user: userView(user) },
    refreshToken: token,
    refreshExpiresAt: claims.expiresAt,
  }
}
