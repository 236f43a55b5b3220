import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import { OAuthState } from '../oauth-state.entity.ts'
import type { ProviderName } from '../providers/provider.ts'
import { OAUTH_TTL, providerNamed, secretOf } from './oauth-flow.ts'
import { flowSecrets, hashOf, newSecret } from './oauth-secrets.ts'

export interface BegunOAuth {
  /** The provider's page. */
  url: string
  /** The cookie's new value. */
  browser: string
}

/**
 * Begins a log-in with a provider: remembers the state and binds it to the browser.
 *
 * A browser that has a good cookie keeps its secret, so that log-ins in two tabs don't undo each other.
 *
 * @param input.browser the present value of the cookie that binds the browser.
 * @param input.link the handle from `identities.link`, when an account is to be linked.
 * @param input.refreshToken the refresh cookie; for linking, it must be that of the session which asked.
 * @throws {OAuthFailed} the provider is not set up, or can't be reached. {OAuthStateInvalid} a handle that is no good.
 * @see docs/decisions/0009-account-linking.md
 */
export async function beginOauth(
  scope: AuthScope,
  input: {
    provider: ProviderName
    redirectTo: string
    browser: string | undefined
    link?: string
    refreshToken?: string | undefined
  },
): Promise<BegunOAuth> {
  const { em, clock, auth } = scope
  const provider = providerNamed(scope, input.provider)
  const asked =
    input.link === undefined ? undefined : await redeemHandle(scope, input.provider, input.link, input.refreshToken)

  const now = clock.now()
  const secret = secretOf(scope, input.browser) ?? newSecret()
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
  return { url, browser: auth.tokens.signBrowser({ secret }, now, OAUTH_TTL) }
}

/**
 * Takes the wish to link an account, once.
 *
 * Only in the browser whose session uttered it: else somebody could send a victim here with a handle of his own, and
 * have the victim's Google account linked to his account.
 */
async function redeemHandle(
  scope: AuthScope,
  provider: ProviderName,
  handle: string,
  refreshToken: string | undefined,
) {
  const { em, auth, clock } = scope
  const verified = refreshToken ? auth.tokens.verifyRefresh(refreshToken, clock.now()) : undefined
  if (!verified?.ok) throw new OAuthStateInvalid()
  const [row] = await em.execute<{ redirect_to: string; session_id: string }[]>(
    `delete from oauth_states
     where hash = ? and provider = ? and session_id = ? and browser_hash is null and expires_at > ?
     returning redirect_to, session_id`,
    [hashOf(handle), provider, verified.claims.sessionId, clock.now()],
  )
  if (!row) throw new OAuthStateInvalid()
  return row
}
