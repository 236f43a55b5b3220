import { clientNetwork } from '../platform/client-address.ts'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import { runPrepared } from '../platform/prepared.ts'
import type { AuthRequestScope } from './auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenMissing } from './auth.errors.ts'
import type { OpenedSession } from './open-session.ts'
import { repeatRefresh } from './repeat-refresh.ts'
import type { RefreshClaims } from './tokens.ts'
import { USER_COLUMNS, viewOfRow, type UserRow } from './user-row.ts'

const ROTATE = {
  name: 'rotate-refresh-token',
  text: `with live as (
       select s.id, ${USER_COLUMNS}
       from sessions s join users u on u.id = s.user_id
       where s.id = $1 and s.user_id = $2 and s.ended_at is null and s.expires_at > $3 and u.is_active
     ), rotated as (
       update refresh_tokens r set rotated_at = $3, replaced_by_jti = $4 from live
       where r.jti = $5 and r.session_id = live.id and r.rotated_at is null and r.expires_at > $3 and r.hash = any($6)
       returning live.*
     ), successor as (
       insert into refresh_tokens (jti, session_id, hash, key_id, issued_at, expires_at)
       select $4, id, $7, $8, $3, $9 from rotated
     ), touched as (
       update sessions set last_used_at = $3 where id in (select id from rotated)
     )
     select * from rotated`,
}

/**
 * Rotates a refresh token: the old one is revoked and linked to its successor.
 *
 * One statement, since every client calls this every few minutes: it checks, revokes and inserts, or does nothing.
 * Only when it did nothing does {@link repeatRefresh} find out why.
 *
 * @param presented the cookie's value.
 * @throws {RefreshTokenMissing} {RefreshTokenInvalid} {RefreshTokenReused} {AccountDisabled} {RateLimited}
 * @see docs/decisions/0006-refresh-families.md
 */
export async function refreshSession(scope: AuthRequestScope, presented: string | undefined): Promise<OpenedSession> {
  const { em, clock, request } = scope
  const { tokens, settings, limits } = scope.auth
  const now = clock.now()
  const verified = presented ? tokens.verifyRefresh(presented, now) : undefined
  // By session, so that one client's refreshing takes nothing from its neighbours behind the same address.
  const subject = verified?.ok ? `session:${verified.claims.sessionId}` : `ip:${clientNetwork(request.ip)}`
  await limits.countCall('reads', 'auth.refresh', subject)
  if (!presented) throw new RefreshTokenMissing()
  if (!verified?.ok) throw new RefreshTokenInvalid()

  const old = verified.claims
  const ttl = Math.min(settings.refreshTokenTtl, old.sessionExpiresAt.getTime() - now.getTime())
  const next: RefreshClaims = { ...old, jti: newId(), issuedAt: now, expiresAt: after(now, ttl) }
  const { token, keyId } = tokens.signRefresh(next)

  const [row] = await runPrepared<UserRow>(em, ROTATE, [
    ...[old.sessionId, old.userId, now, next.jti, old.jti, tokens.hashesOf(presented)],
    ...[tokens.hashRefresh(token, keyId), keyId, next.expiresAt],
  ])
  if (!row) return repeatRefresh(scope, presented, old)

  const access = tokens.signAccess(old, now, settings.accessTokenTtl)
  return {
    session: {
      accessToken: access.token,
      tokenType: 'Bearer',
      expiresAt: access.expiresAt,
      user: viewOfRow(old.userId, row),
    },
    refreshToken: token,
    refreshExpiresAt: next.expiresAt,
  }
}
