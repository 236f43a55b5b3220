import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import { OAuthState } from '../oauth-state.entity.ts'
import type { ProviderName } from '../providers/provider.ts'
import { presentedTokens } from '../sessions/presented-tokens.ts'
import { OAUTH_TTL, providerNamed, secretsOf } from './oauth-flow.ts'
import { flowSecrets, hashOf, newSecret } from './oauth-secrets.ts'

export interface BegunOAuth {
  /** The URL of the provider's page. */
  url: string
  /** What the provider sends back; the cookie is named after it. */
  state: string
  /** The value of the cookie that binds this login to the browser. */
  browser: string
}

/**
 * Begins a login with a provider: stores the state and binds it to the browser.
 *
 * A browser with a valid cookie keeps its secret, so that logins in two tabs don't break each other.
 *
 * @param input.browser the current values of the browser's cookies.
 * @param input.link the handle from `identities.link`, to link an account.
 * @param input.refreshTokens the refresh cookies; to link an account, one must be the asking session's.
 * @throws {OAuthFailed} when the provider is not configured or can't be reached.
 * @throws {OAuthStateInvalid} when the handle is invalid.
 * @see docs/decisions/0009-account-linking.md
 */
export async function beginOauth(
  scope: AuthScope,
  input: {
    provider: ProviderName
    redirectTo: string
    browser: readonly string[]
    link?: string
    refreshTokens?: readonly string[]
  },
): Promise<BegunOAuth> {
  const { em, clock, auth } = scope
  const provider = providerNamed(scope, input.provider)
  const asked =
    input.link === undefined
      ? undefined
      : await redeemHandle(scope, input.provider, input.link, input.refreshTokens ?? [])

  const now = clock.now()
  const secret = secretsOf(scope, input.browser)[0] ?? newSecret()
  const state = newSecret()
  const url = await provider.authorizationUrl(flowSecrets(secret, state))
  await em.insert(OAuthState, {
    hash: hashOf(state),
    provider: input.provider,
    browserHash: hashOf(secret),
    redirectTo: asked?.redirect_to ?? input.redirectTo,
    session: asked?.session_id ?? null,
    expiresAt: after(now, OAUTH_TTL),
  })
  return { url, state, browser: auth.tokens.signBrowser({ secret }, now, OAUTH_TTL) }
}

/**
 * Redeems the handle of a request to link an account. A handle works once.
 *
 * It works only in the browser whose session asked for it. Otherwise an attacker could send their own handle to a
 * victim, and link the victim's Google account to the attacker's account.
 *
 * @throws {OAuthStateInvalid}
 */
async function redeemHandle(
  scope: AuthScope,
  provider: ProviderName,
  handle: string,
  refreshTokens: readonly string[],
) {
  const { em, auth, clock } = scope
  const sessions = presentedTokens(auth, refreshTokens, clock.now()).map(({ claims }) => claims.sessionId)
  if (sessions.length === 0) throw new OAuthStateInvalid()
  const [row] = await em.execute<{ redirect_to: string; session_id: string }[]>(
    `delete from oauth_states
     where hash = ? and provider = ? and session_id = any(?::uuid[]) and browser_hash is null and expires_at > ?
     returning redirect_to, session_id`,
    [hashOf(handle), provider, `{${sessions.join(',')}}`, clock.now()],
  )
  if (!row) throw new OAuthStateInvalid()
  return row
}
