import type { Cookie, SetCookie } from './server-cookies.ts'

/** Set over http, in development. */
const PLAIN = 'tollgate_access'
/** The browser accepts it only from this host over https, so no other site can set it. */
const OF_HOST = '__Host-tollgate_access'

/** The most trustworthy first. */
const REFRESH_NAMES = ['__Host-refresh_token', '__Secure-refresh_token', 'refresh_token']

/** What the client needs to use an access token. The backend verifies it. */
export interface GivenAccess {
  readonly accessToken: string
  readonly userId: string
  readonly expiresAt: Date
}

interface Claims {
  readonly sub: string
  readonly sid: string
  readonly exp: number
}

/**
 * Finds the access token of the visitor's session among the cookies of a request.
 *
 * It must be of the same session as the refresh token: the visitor may have logged out or logged in as another user in
 * the browser, which leaves this cookie as it was.
 */
export function accessIn(cookies: readonly Cookie[]): GivenAccess | undefined {
  const valueOf = (wanted: string) => cookies.find(({ name, value }) => name === wanted && value !== '')?.value
  const refresh = claimsOf(REFRESH_NAMES.map(valueOf).find((value) => value !== undefined))
  const accessToken = valueOf(OF_HOST) ?? valueOf(PLAIN)
  const access = claimsOf(accessToken)
  if (accessToken === undefined || !access || access.sid !== refresh?.sid || access.sub !== refresh.sub)
    return undefined
  return { accessToken, userId: access.sub, expiresAt: new Date(access.exp * 1000) }
}

/**
 * The cookie that hands an access token to the next requests of the visitor. Only the host that set it gets it.
 *
 * @param accessToken undefined to clear the cookie.
 * @returns undefined for a token that could never be matched to its session.
 */
export function accessCookie(accessToken: string | undefined, isSecure: boolean): SetCookie | undefined {
  const claims = claimsOf(accessToken)
  if (accessToken !== undefined && !claims) return undefined
  const maxAge = claims ? Math.max(0, Math.floor(claims.exp - Date.now() / 1000)) : 0
  const options = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'lax', maxAge } as const
  return { name: isSecure ? OF_HOST : PLAIN, value: accessToken ?? '', options }
}

/** The clearing of the access cookies that came with a request. */
export const clearedAccess = (cookies: readonly Cookie[]): SetCookie[] =>
  [OF_HOST, PLAIN].flatMap((name) => {
    const cleared = cookies.some((cookie) => cookie.name === name) && accessCookie(undefined, name === OF_HOST)
    return cleared ? [cleared] : []
  })

function claimsOf(token: string | undefined): Claims | undefined {
  const payload = token?.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return isClaims(claims) ? claims : undefined
  } catch {
    return undefined
  }
}

function isClaims(claims: unknown): claims is Claims {
  if (typeof claims !== 'object' || claims === null) return false
  if (!('sub' in claims && 'sid' in claims && 'exp' in claims)) return false
  return typeof claims.sub === 'string' && typeof claims.sid === 'string' && typeof claims.exp === 'number'
}
