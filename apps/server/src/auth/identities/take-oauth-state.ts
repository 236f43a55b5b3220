import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import type { FlowSecrets, ProviderName } from '../providers/provider.ts'
import { secretOf } from './oauth-flow.ts'
import { flowSecrets, hashOf } from './oauth-secrets.ts'

/** A log-in that a browser has come back to, and that nobody can come back to again. */
export interface TakenOAuthState {
  readonly provider: ProviderName
  readonly secrets: FlowSecrets
  readonly redirectTo: string
  /** The session whose account is to be linked; null for a log-in. */
  readonly linkFor: string | null
}

/**
 * Uses up the state of a callback, before anything else of it is looked at.
 *
 * A state that comes with another browser's cookie stays where it is: whoever saw it can't spoil the log-in.
 *
 * @throws {OAuthStateInvalid} forged, expired, used, of another provider, or of another browser.
 */
export async function takeOauthState(
  scope: AuthScope,
  input: { provider: ProviderName; state: string | null; browser: string | undefined },
): Promise<TakenOAuthState> {
  const secret = secretOf(scope, input.browser)
  if (!secret || !input.state) throw new OAuthStateInvalid()

  const [row] = await scope.em.execute<{ redirect_to: string; session_id: string | null; live: boolean }[]>(
    `delete from oauth_states where hash = ? and provider = ? and browser_hash = ?
     returning redirect_to, session_id, expires_at > ? as live`,
    [hashOf(input.state), input.provider, hashOf(secret), scope.clock.now()],
  )
  if (!row?.live) throw new OAuthStateInvalid()
  return {
    provider: input.provider,
    secrets: flowSecrets(secret, input.state),
    redirectTo: row.redirect_to,
    linkFor: row.session_id,
  }
}
