import type { AuthRequestScope } from '../auth-scope.ts'
import { RefreshTokenInvalid, RefreshTokenMissing } from '../auth.errors.ts'
import type { OpenedSession } from './opened-session.ts'
import { refreshSession } from './refresh-session.ts'

interface NoSession {
  because: 'REFRESH_TOKEN_MISSING' | 'REFRESH_TOKEN_INVALID' | 'LOGGED_IN_ELSEWHERE'
}

/**
 * Refreshes the session of a page that does not know yet whether it has one. Most visitors have none, which is no error.
 *
 * @param cookies the values of the refresh cookies, the most trustworthy first.
 * @throws {RefreshTokenReused} when a token was used again too late. Its session has been ended.
 * @throws {SessionReplaced} when the cookies belong to another user than the one that the caller named.
 * @throws {AccountDisabled}
 * @throws {RateLimited}
 */
export async function restoreSession(
  scope: AuthRequestScope,
  cookies: readonly string[],
): Promise<OpenedSession | NoSession> {
  try {
    return await refreshSession(scope, cookies)
  } catch (error) {
    if (error instanceof RefreshTokenMissing) return { because: error.reason }
    if (error instanceof RefreshTokenInvalid) return { because: error.endedBecause ?? error.reason }
    throw error
  }
}
