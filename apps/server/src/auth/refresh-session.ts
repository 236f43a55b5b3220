import { after } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { AuthRequestScope } from './auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenMissing } from './auth.errors.ts'
import type { UserView } from './auth.schemas.ts'
import type { OpenedSession } from './open-session.ts'
import { repeatRefresh } from './repeat-refresh.ts'
import type { RefreshClaims } from './tokens.ts'

interface Row {
  email: string
  username: string
  is_verified: boolean
  is_admin: boolean
  provider: UserView['provider']
  created_at: string
}

/**
 * Rotates a refresh token: the old one is revoked and linked to its successor.
 *
 * One statement, since every client calls this every few minutes: it checks, revokes and inserts, or does nothing.
 * Only when it did nothing does {@link repeatRefresh} find out why.
 *
 * @param presented the cookie's value.
 * @throws {RefreshTokenMissing} {RefreshTokenInvalid} {RefreshTokenReused} {AccountDisabled}
 * @see docs/decisions/0006-refresh-families.md
 */
export async function refreshSession(scope: AuthRequestScope, presented: string | undefined): Promise<OpenedSession> {
  if (!presented) throw new RefreshTokenMissing()
  const { em, clock } = scope
  const { tokens, settings } = scope.auth
  const now = clock.now()
  const verified = tokens.verifyRefresh(presented, now)
  if (!verified.ok) throw new RefreshTokenInvalid()

  const old = verified.claims
  const ttl = Math.min(settings.refreshTokenTtl, old.sessionExpiresAt.getTime() - now.getTime())
  const next: RefreshClaims = { ...old, jti: newId(), issuedAt: now, expiresAt: after(now, ttl) }
  const { token, keyId } = tokens.signRefresh(next)
  const hashes = tokens.hashesOf(presented)

  const [row] = await em.execute<Row[]>(
    `with live as (
       select s.id, u.email, u.username, u.is_verified, u.is_admin, u.provider, u.created_at
       from sessions s join users u on u.id = s.user_id
       where s.id = ? and s.user_id = ? and s.ended_at is null and s.expires_at > ? and u.is_active
     ), rotated as (
       update refresh_tokens r set rotated_at = ?, replaced_by_jti = ? from live
       where r.jti = ? and r.session_id = live.id and r.rotated_at is null and r.expires_at > ? and r.hash in (?)
       returning live.*
     ), successor as (
       insert into refresh_tokens (jti, session_id, hash, key_id, issued_at, expires_at)
       select ?, id, ?, ?, ?, ? from rotated
     ), touched as (
       update sessions set last_used_at = ? where id in (select id from rotated)
     )
     select email, username, is_verified, is_admin, provider, created_at from rotated`,
    [
      ...[old.sessionId, old.userId, now],
      ...[now, next.jti, old.jti, now, hashes],
      ...[next.jti, tokens.hashRefresh(token, keyId), keyId, now, next.expiresAt],
      now,
    ],
  )
  if (!row) return repeatRefresh(scope, presented, old)

  const access = tokens.signAccess(old, now, settings.accessTokenTtl)
  return {
    session: {
      accessToken: access.token,
      tokenType: 'Bearer',
      expiresAt: access.expiresAt,
      user: {
        id: old.userId,
        email: row.email,
        username: row.username,
        isVerified: row.is_verified,
        isActive: true,
        isAdmin: row.is_admin,
        provider: row.provider,
        createdAt: new Date(row.created_at),
      },
    },
    refreshToken: token,
    refreshExpiresAt: next.expiresAt,
  }
}
