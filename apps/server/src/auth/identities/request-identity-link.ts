import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import type { LinkIdentityInput } from '../identity.schemas.ts'
import { OAuthState } from '../oauth-state.entity.ts'
import { localPath } from './local-path.ts'
import { OAUTH_TTL, providerNamed } from './oauth-flow.ts'
import { hashOf, newSecret } from './oauth-secrets.ts'

/**
 * Begins to link a provider's account to the caller's, for a page of ours: a request that needs the access token, so
 * that no other page can begin it.
 *
 * @returns where to send the browser. The handle in it is good once, for ten minutes, and only in the browser that
 *   holds the session's refresh cookie.
 * @throws {OAuthFailed} the provider is not set up.
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
