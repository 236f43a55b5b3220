import type { AuthScope } from '../auth-scope.ts'
import { Session } from '../session.entity.ts'
import { presentedTokens } from './presented-tokens.ts'

/**
 * Ends the sessions of the refresh tokens and of the access token that the browser sent. If none is valid, there is
 * nothing to end.
 *
 * A caller that names its user never ends another user's session: another tab may have logged in with another account.
 *
 * @param input.cookies the values of the refresh cookies.
 * @param input.accessToken the access token that the caller sent along, if any.
 * @returns whether the cookies may be cleared: not if they hold the session of another user than the named one.
 */
export async function logOut(
  { em, clock, auth }: AuthScope,
  input: { cookies: readonly string[]; accessToken: string | undefined; expectedUser: string | undefined },
): Promise<{ clearsCookies: boolean }> {
  const now = clock.now()
  const access = auth.tokens.verifyAccess(input.accessToken ?? '', now)
  const inCookies = presentedTokens(auth, input.cookies, now).map(({ claims }) => claims)
  const isOthers = ({ userId }: { userId: string }) => input.expectedUser !== undefined && userId !== input.expectedUser

  const ended = [...inCookies, ...(access.ok ? [access.claims] : [])].filter((claims) => !isOthers(claims))
  for (const { sessionId, userId } of new Map(ended.map((claims) => [claims.sessionId, claims])).values()) {
    await em.nativeUpdate(
      Session,
      { id: sessionId, user: userId, endedAt: null },
      { endedAt: now, endedReason: 'logged_out' },
    )
  }
  return { clearsCookies: !inCookies.some(isOthers) }
}
