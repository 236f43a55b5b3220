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

/**
 * @param browser the values of the browser's cookies.
 * @returns the secrets in them, without those of forged and expired cookies.
 */
export function secretsOf({ auth, clock }: AuthScope, browser: readonly string[]): string[] {
  return browser.flatMap((cookie) => {
    const verified = auth.tokens.verifyBrowser(cookie, clock.now())
    return verified.ok ? [verified.claims.secret] : []
  })
}
