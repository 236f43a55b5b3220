/** Who sends a request: what a valid access token says. */
export interface TollgateSession {
  readonly userId: string
  readonly sessionId: string
  /** Whether the user's email address was verified when the token was made. */
  readonly isVerified: boolean
  /** Whether the user was an administrator of Tollgate when the token was made. */
  readonly isAdmin: boolean
  /** When the token expires. */
  readonly expiresAt: Date
}

/**
 * Why a request has no session.
 *
 * - `TOKEN_MISSING`: there is no bearer token.
 * - `TOKEN_EXPIRED`: the token was valid. The client refreshes its session and repeats the request.
 * - `INVALID_TOKEN`: the token is not one of this backend's access tokens.
 * - `SESSION_ENDED`: the session of the token has ended.
 * - `UNAVAILABLE`: nothing is known about the token, because the backend can't be reached.
 */
export type RefusalReason = 'TOKEN_MISSING' | 'TOKEN_EXPIRED' | 'INVALID_TOKEN' | 'SESSION_ENDED' | 'UNAVAILABLE'

export interface RefusedToken {
  readonly ok: false
  readonly reason: RefusalReason
  /** For your log. */
  readonly message: string
  /** What your server should answer: 401, or 503 for `UNAVAILABLE`. */
  readonly status: 401 | 503
}

export type Verification = { readonly ok: true; readonly session: TollgateSession } | RefusedToken

export function refused(reason: RefusalReason, message: string): RefusedToken {
  return { ok: false, reason, message, status: reason === 'UNAVAILABLE' ? 503 : 401 }
}
