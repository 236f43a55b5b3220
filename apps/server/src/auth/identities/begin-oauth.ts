import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import { flowSecrets, hashOf, linkHashOf, newSecret } from '../links/oauth-secrets.ts'
import { OAuthState } from '../oauth-state.entity.ts'
import type { ProviderName } from '../providers/provider.ts'
import { OAUTH_TTL, providerNamed, secretsOf } from './oauth-flow.ts'
import type { RedeemedHandle } from './redeem-handle.ts'

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
 * @param input.asked what the handle in the URL stands for; undefined for a login in a browser.
 * @throws {OAuthFailed} when the provider is not configured or can't be reached.
 * @see docs/decisions/0009-account-linking.md
 */
export async function beginOauth(
  scope: AuthScope,
  input: {
    provider: ProviderName
    redirectTo: string
    browser: readonly string[]
    asked?: RedeemedHandle | undefined
  },
): Promise<BegunOAuth> {
  const { em, clock, auth } = scope
  const provider = providerNamed(scope, input.provider)
  const { asked } = input

  const now = clock.now()
  const secret = secretsOf(scope, input.browser)[0] ?? newSecret()
  const state = newSecret()
  const url = await provider.authorizationUrl(flowSecrets(secret, state))
  await em.insert(OAuthState, {
    hash: asked?.session_id && asked.app_redirect ? linkHashOf(state) : hashOf(state),
    provider: input.provider,
    browserHash: hashOf(secret),
    redirectTo: asked?.redirect_to ?? input.redirectTo,
    session: asked?.session_id ?? null,
    appRedirect: asked?.app_redirect ?? null,
    verifierHash: asked?.verifier_hash ?? null,
    expiresAt: after(now, OAUTH_TTL),
  })
  return { url, state, browser: auth.tokens.signBrowser({ secret }, now, OAUTH_TTL) }
}
