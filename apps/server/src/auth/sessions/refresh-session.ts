import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { clientNetwork } from '../../platform/http/client-address.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenMissing, SessionReplaced } from '../auth.errors.ts'
import type { RefreshClaims } from '../credentials/tokens.ts'
import { userView } from '../credentials/user-view.ts'
import { openedSession, type OpenedSession } from './opened-session.ts'
import { newestOfEachSession, presentedTokens, type PresentedToken } from './presented-tokens.ts'
import { repeatRefresh } from './repeat-refresh.ts'

/** Maximum number of genuine tokens that are tried, because each takes a statement. A browser normally sends one. */
const MAX_TRIED = 8

/**
 * Rotates a refresh token. If no rotation did anything, {@link repeatRefresh} finds out why.
 *
 * A browser may send several refresh cookies, of which some are left over or set by another site. So try every one. A
 * caller that names the user whose session it is never gets another user's session.
 *
 * @param cookies the values of the refresh cookies, the most trustworthy first.
 * @throws {RefreshTokenMissing} when there is no cookie.
 * @throws {RefreshTokenInvalid} when no cookie has a token of a live session.
 * @throws {RefreshTokenReused} when a token was used again too late. Its session has been ended.
 * @throws {SessionReplaced} when the cookies belong to another user than the one that the caller named.
 * @throws {AccountDisabled}
 * @throws {RateLimited}
 * @see docs/decisions/0006-refresh-families.md
 */
export async function refreshSession(scope: AuthRequestScope, cookies: readonly string[]): Promise<OpenedSession> {
  const { clock, request } = scope
  const now = clock.now()
  const presented = presentedTokens(scope.auth, cookies, now)
  const [first] = presented
  // Counted by session, so that a client doesn't use up the limit of others behind the same address.
  const subject = first ? `session:${first.claims.sessionId}` : `ip:${clientNetwork(request.ip)}`
  await scope.auth.limits.countCall('reads', 'auth.refresh', subject)
  if (cookies.length === 0) throw new RefreshTokenMissing()
  if (!first) throw new RefreshTokenInvalid()

  const { expectedUser } = request
  const isWanted = ({ claims }: PresentedToken) => expectedUser === undefined || claims.userId === expectedUser
  const candidates = presented.filter(isWanted).slice(0, MAX_TRIED)
  if (candidates.length === 0) throw new SessionReplaced()
  for (const candidate of candidates) {
    const opened = await rotate(scope, candidate, now)
    if (opened) return opened
  }
  return repeatRefresh(scope, newestOfEachSession(candidates))
}

/** @returns null when nothing was done, since the token is not a live session's newest. */
async function rotate(
  { auth }: AuthRequestScope,
  { token: presented, claims: old }: PresentedToken,
  now: Date,
): Promise<OpenedSession | null> {
  const { tokens, settings } = auth
  const ttl = Math.min(settings.refreshTokenTtl, old.sessionExpiresAt.getTime() - now.getTime())
  const next: RefreshClaims = { ...old, jti: newId(), issuedAt: now, expiresAt: after(now, ttl) }
  const { token, keyId } = tokens.signRefresh(next)
  const row = await auth.rotateToken({
    old,
    oldHashes: tokens.hashesOf(presented),
    next: { ...next, hash: tokens.hashRefresh(token, keyId), keyId },
  })
  return row ? openedSession(auth, { token, claims: next }, userView(row), now) : null
}
