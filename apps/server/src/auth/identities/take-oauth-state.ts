import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import { flowSecrets, hashOf, linkHashOf } from '../links/oauth-secrets.ts'
import type { FlowSecrets, ProviderName } from '../providers/provider.ts'
import { secretsOf } from './oauth-flow.ts'

/** The state of a callback. It is used up: a second callback with it fails. */
export interface TakenOAuthState {
  readonly provider: ProviderName
  readonly secrets: FlowSecrets
  readonly redirectTo: string
  /** The session that asked to link an account; null for a login. */
  readonly linkFor: string | null
  /** The app that asked for a login, or to link an account; null for a browser. */
  readonly app: { readonly redirect: string; readonly verifierHash: string } | null
}

interface TakenRow {
  redirect_to: string
  session_id: string | null
  browser_hash: string
  app_redirect: string | null
  verifier_hash: string | null
  isFresh: boolean
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
  input: { provider: ProviderName; state: string; browser: readonly string[] },
): Promise<TakenOAuthState> {
  const secrets = new Map(secretsOf(scope, input.browser).map((secret) => [hashOf(secret), secret]))
  if (secrets.size === 0 || !input.state) throw new OAuthStateInvalid()

  const [row] = await scope.em.execute<TakenRow[]>(
    `delete from oauth_states where hash in (?, ?) and provider = ? and browser_hash = any(?::text[])
     returning redirect_to, session_id, browser_hash, app_redirect, verifier_hash, expires_at > ? as "isFresh"`,
    [
      hashOf(input.state),
      linkHashOf(input.state),
      input.provider,
      `{${[...secrets.keys()].join(',')}}`,
      scope.clock.now(),
    ],
  )
  const secret = secrets.get(row?.browser_hash ?? '')
  if (!row?.isFresh || secret === undefined) throw new OAuthStateInvalid()
  const { app_redirect: redirect, verifier_hash: verifierHash } = row
  return {
    provider: input.provider,
    secrets: flowSecrets(secret, input.state),
    redirectTo: row.redirect_to,
    linkFor: row.session_id,
    app: redirect !== null && verifierHash !== null ? { redirect, verifierHash } : null,
  }
}
