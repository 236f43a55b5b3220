import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import type { FlowSecrets, ProviderName } from '../providers/provider.ts'
import { secretOf } from './oauth-flow.ts'
import { flowSecrets, hashOf } from './oauth-secrets.ts'

/** The state of a callback. It is used up: a second callback with it fails. */
export interface TakenOAuthState {
  readonly provider: ProviderName
  readonly secrets: FlowSecrets
  readonly redirectTo: string
  /** The session that asked to link an account; null for a login. */
  readonly linkFor: string | null
}

/**
 * Uses up the state of a callback, before anything else in the callback is read.
 *
 * With another browser's cookie, the state is not used up: an attacker who has seen it can't break the login.
 *
 * @throws {OAuthStateInvalid} when the state is forged, expired, used, or for another provider or browser.
 */
export async function takeOauthState(
  scope: AuthScope,
  input: { provider: ProviderName; state: string | null; browser: string | undefined },
): Promise<TakenOAuthState> {
  const secret = secretOf(scope, input.browser)
  if (!secret || !input.state) throw new OAuthStateInvalid()

  const [row] = await scope.em.execute<{ redirect_to: string; session_id: string | null; isFresh: boolean }[]>(
    `delete from oauth_states where hash = ? and provider = ? and browser_hash = ?
     returning redirect_to, session_id, expires_at > ? as "isFresh"`,
    [hashOf(input.state), input.provider, hashOf(secret), scope.clock.now()],
  )
  if (!row?.isFresh) throw new OAuthStateInvalid()
  return {
    provider: input.provider,
    secrets: flowSecrets(secret, input.state),
    redirectTo: row.redirect_to,
    linkFor: row.session_id,
  }
}
