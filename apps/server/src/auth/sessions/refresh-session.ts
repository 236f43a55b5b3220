import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { clientNetwork } from '../../platform/http/client-address.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenMissing } from '../auth.errors.ts'
import type { RefreshClaims } from '../credentials/tokens.ts'
import { userView } from '../credentials/user-view.ts'
import { openedSession, type OpenedSession } from './opened-session.ts'
import { repeatRefresh } from './repeat-refresh.ts'

/**
 * Rotates a refresh token. If the rotation did nothing, {@link repeatRefresh} finds out why.
 *
 * @param presented the value of the refresh cookie.
 * @throws {RefreshTokenMissing}
 * @throws {RefreshTokenInvalid}
 * @throws {RefreshTokenReused}
 * @throws {AccountDisabled}
 * @throws {RateLimited}
 * @see docs/decisions/0006-refresh-families.md
 */
export async function refreshSession(scope: AuthRequestScope, presented: string | undefined): Promise<OpenedSession> {
  const { clock, request } = scope
  const { tokens, settings, limits, rotateToken } = scope.auth
  const now = clock.now()
  const verified = presented ? tokens.verifyRefresh(presented, now) : undefined
  // Counted by session, so that a client doesn't use up the limit of others behind the same address.
  const subject = verified?.ok ? `session:${verified.claims.sessionId}` : `ip:${clientNetwork(request.ip)}`
  await limits.countCall('reads', 'auth.refresh', subject)
  if (!presented) throw new RefreshTokenMissing()
  if (!verified?.ok) throw new RefreshTokenInvalid()

  const old = verified.claims
  const ttl = Math.min(settings.refreshTokenTtl, old.sessionExpiresAt.getTime() - now.getTime())
  const next: RefreshClaims = { ...old, jti: newId(), issuedAt: now, expiresAt: after(now, ttl) }
  const { token, keyId } = tokens.signRefresh(next)

  const row = await rotateToken({
    old,
    oldHashes: tokens.hashesOf(presented),
    next: { ...next, hash: tokens.hashRefresh(token, keyId), keyId },
  })
  if (!row) return repeatRefresh(scope, presented, old)

  return openedSession(scope.auth, { token, claims: next }, userView(row), now)
}
