import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import { hashOf, linkHashOf } from '../links/oauth-secrets.ts'
import type { ProviderName } from '../providers/provider.ts'
import { presentedTokens } from '../sessions/presented-tokens.ts'

/** What a handle in the URL of a login stands for. */
export interface RedeemedHandle {
  redirect_to: string
  /** The session that asked to link an account. */
  session_id: string | null
  /** Where to send the browser back to the app that asked for a login. */
  app_redirect: string | null
  verifier_hash: string | null
}

/**
 * Redeems the handle of a request to link an account. A handle works once.
 *
 * It works only in the browser whose session asked for it. Otherwise an attacker could send their own handle to a
 * victim, and link the victim's Google account to the attacker's account.
 *
 * @param refreshTokens the refresh cookies; one must be the asking session's.
 * @throws {OAuthStateInvalid}
 */
export async function redeemLinkHandle(
  scope: AuthScope,
  provider: ProviderName,
  handle: string,
  refreshTokens: readonly string[],
): Promise<RedeemedHandle> {
  const { em, auth, clock } = scope
  const sessions = presentedTokens(auth, refreshTokens, clock.now()).map(({ claims }) => claims.sessionId)
  if (sessions.length === 0) throw new OAuthStateInvalid()
  const [row] = await em.execute<RedeemedHandle[]>(
    `delete from oauth_states
     where hash = ? and provider = ? and session_id = any(?::uuid[]) and browser_hash is null and expires_at > ?
     returning redirect_to, session_id, app_redirect, verifier_hash`,
    [hashOf(handle), provider, `{${sessions.join(',')}}`, clock.now()],
  )
  if (!row) throw new OAuthStateInvalid()
  return row
}

/**
 * Redeems the handle of an app's request for a login, or to link an account. A handle works once.
 *
 * It works in any browser, because an app has no cookies. What comes back is worthless without the app's verifier.
 *
 * @throws {OAuthStateInvalid}
 */
export async function redeemAppHandle(
  { em, clock }: AuthScope,
  provider: ProviderName,
  handle: string,
): Promise<RedeemedHandle> {
  const [row] = await em.execute<RedeemedHandle[]>(
    `delete from oauth_states
     where hash in (?, ?) and provider = ? and verifier_hash is not null and browser_hash is null and expires_at > ?
     returning redirect_to, session_id, app_redirect, verifier_hash`,
    [hashOf(handle), linkHashOf(handle), provider, clock.now()],
  )
  if (!row) throw new OAuthStateInvalid()
  return row
}
