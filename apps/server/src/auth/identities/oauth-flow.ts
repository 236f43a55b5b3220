import { MINUTE } from '../../platform/durations.ts'
import type { AuthScope } from '../auth-scope.ts'
import { OAuthFailed } from '../auth.errors.ts'
import type { IdentityProvider, ProviderName } from '../providers/provider.ts'

/** How long a user may take on the provider's page. */
export const OAUTH_TTL = 10 * MINUTE

/** @throws {OAuthFailed} when the provider is not configured. */
export function providerNamed({ auth }: AuthScope, name: ProviderName): IdentityProvider {
  const provider = auth.providers[name]
  if (!provider) throw new OAuthFailed(`${name} is not configured: it has no client id.`)
  return provider
}

/** @returns the secret in the browser's cookie; undefined when the cookie is missing, forged, or expired. */
export function secretOf({ auth, clock }: AuthScope, browser: string | undefined): string | undefined {
  const verified = browser ? auth.tokens.verifyBrowser(browser, clock.now()) : undefined
  return verified?.ok ? verified.claims.secret : undefined
}
