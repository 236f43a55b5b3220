import type { AuthScope } from '../auth-scope.ts'
import { Session } from '../session.entity.ts'
import { presentedTokens } from './presented-tokens.ts'

/**
 * Ends the sessions of the refresh tokens and of the access token that the caller sent. If none is valid, there is
 * nothing to end.
 *
 * A caller that names its user never ends another user's session: another tab may have logged in with another account.
 *
 * @param input.refreshTokens of the refresh cookies, or of the body.
 * @param input.accessToken the access token that the caller sent along, if any.
 * @returns whether the tokens may be cleared: not if one is of another user's session than the named one's.
 */
export async function logOut(
  { em, clock, auth }: AuthScope,
  input: { refreshTokens: readonly string[]; accessToken: string | undefined; expectedUser: string | undefined },
): Promise<{ clearsTokens: boolean }> {
  const now = clock.now()
  const access = auth.tokens.verifyAccess(input.accessToken ?? '', now)
  const presented = presentedTokens(auth, input.refreshTokens, now).map(({ claims }) => claims)
  const isOthers = ({ userId }: { userId: string }) => input.expectedUser !== undefined && userId !== input.expectedUser

  const ended = [...presented, ...(access.ok ? [access.claims] : [])].filter((claims) => !isOthers(claims))
  for (const { sessionId, userId } of new Map(ended.map((claims) => [claims.sessionId, claims])).values()) {
    await em.nativeUpdate(
      Session,
      { id: sessionId, user: userId, endedAt: null },
      { endedAt: now, endedReason: 'logged_out' },
    )
  }
  return { clearsTokens: !presented.some(isOthers) }
}
