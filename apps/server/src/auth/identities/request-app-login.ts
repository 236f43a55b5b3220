import { after } from '../../platform/clock.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { appRedirect } from '../../platform/http/app-redirect.ts'
import type { AuthScope } from '../auth-scope.ts'
import type { OAuthUrlInput, OAuthUrlResult } from '../identity.schemas.ts'
import { hashOf, linkHashOf, newSecret } from '../links/oauth-secrets.ts'
import { OAuthState } from '../oauth-state.entity.ts'
import { OAUTH_TTL, providerNamed } from './oauth-flow.ts'

/**
 * Begins a login with a provider for an app, which opens the URL in a browser. The browser comes back to the app with a
 * code, which is worthless without the verifier. The verifier is never in a URL.
 *
 * @param linkFor the session that asks to link an account; undefined for a login.
 * @throws {InvalidInput} when `redirectTo` is not one of `APP_REDIRECT_URIS`.
 * @throws {OAuthFailed} when the provider is not configured.
 * @see docs/decisions/0059-apps-log-in-with-a-code.md
 */
export async function requestAppLogin(
  scope: AuthScope,
  input: OAuthUrlInput,
  linkFor?: string,
): Promise<OAuthUrlResult> {
  const { em, clock, auth } = scope
  const redirect = appRedirect(input.redirectTo, auth.settings.appRedirectUris)
  if (redirect === undefined) throw new InvalidInput({ redirectTo: 'must be one of the server’s APP_REDIRECT_URIS' })
  const provider = providerNamed(scope, input.provider)
  const handle = newSecret()
  const codeVerifier = newSecret()
  const expiresAt = after(clock.now(), OAUTH_TTL)
  await em.insert(OAuthState, {
    hash: linkFor === undefined ? hashOf(handle) : linkHashOf(handle),
    provider: provider.name,
    browserHash: null,
    redirectTo: '/',
    session: linkFor ?? null,
    appRedirect: redirect,
    verifierHash: hashOf(codeVerifier),
    expiresAt,
  })
  return { url: `${auth.settings.apiUrl}/${provider.name}/login?app=${handle}`, codeVerifier, expiresAt }
}
