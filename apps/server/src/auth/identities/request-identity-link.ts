import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import type { LinkIdentityInput } from '../identity.schemas.ts'
import { localPath } from '../links/local-path.ts'
import { hashOf, newSecret } from '../links/oauth-secrets.ts'
import { OAuthState } from '../oauth-state.entity.ts'
import { OAUTH_TTL, providerNamed } from './oauth-flow.ts'

/**
 * Begins to link a provider's account to the caller's. The request needs the access token, so other sites' pages can't
 * begin it.
 *
 * @returns the URL to send the browser to. Its handle works once, for ten minutes, and only in the browser with the
 *   session's refresh cookie.
 * @throws {OAuthFailed} when the provider is not configured.
 * @see docs/decisions/0009-account-linking.md
 */
export async function requestIdentityLink(
  scope: AuthScope,
  input: LinkIdentityInput & { sessionId: string },
): Promise<{ url: string }> {
  const { em, clock, auth } = scope
  const provider = providerNamed(scope, input.provider)
  const handle = newSecret()
  await em.insert(OAuthState, {
    hash: hashOf(handle),
    provider: provider.name,
    browserHash: null,
    redirectTo: localPath(input.redirectTo, auth.settings.webUrl),
    session: input.sessionId,
    expiresAt: after(clock.now(), OAUTH_TTL),
  })
  return { url: `${auth.settings.apiUrl}/${provider.name}/login?link=${handle}` }
}
