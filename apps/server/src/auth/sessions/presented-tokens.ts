import type { AuthDeps } from '../auth-scope.ts'
import type { RefreshClaims } from '../credentials/tokens.ts'

/** A refresh token from a cookie, with a valid signature, and its claims. */
export interface PresentedToken {
  readonly token: string
  readonly claims: RefreshClaims
}

/**
 * Checks the refresh tokens of a request's cookies.
 *
 * @param cookies the values of the cookies, the most trustworthy first.
 * @returns the tokens whose signature is right, by session in the same order; of one session the newest first.
 */
export function presentedTokens(
  { tokens }: Pick<AuthDeps, 'tokens'>,
  cookies: readonly string[],
  now: Date,
): PresentedToken[] {
  const presented = cookies.flatMap((token): PresentedToken[] => {
    const verified = tokens.verifyRefresh(token, now)
    return verified.ok ? [{ token, claims: verified.claims }] : []
  })
  const bySession = Map.groupBy(presented, ({ claims }) => claims.sessionId)
  return [...bySession.values()].flatMap((family) => family.toSorted(newestFirst))
}

/**
 * Of several tokens of one session, only the newest one can be a stolen one that is used again. The others are left
 * over in another scope of the cookie.
 */
export function newestOfEachSession(presented: readonly PresentedToken[]): PresentedToken[] {
  const bySession = Map.groupBy(presented, ({ claims }) => claims.sessionId)
  return [...bySession.values()].flatMap((family) => family.toSorted(newestFirst).slice(0, 1))
}

/** The ids of tokens begin with the time of issue. */
const newestFirst = (a: PresentedToken, b: PresentedToken) => (a.claims.jti < b.claims.jti ? 1 : -1)
