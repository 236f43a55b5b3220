import type { AuthRequestScope } from '../auth-scope.ts'
import { OAuthDenied, OAuthFailed } from '../auth.errors.ts'
import { openSession } from '../sessions/open-session.ts'
import type { OpenedSession } from '../sessions/opened-session.ts'
import { findOrLinkIdentity } from './find-or-link-identity.ts'
import { linkIdentity } from './link-identity.ts'
import { providerNamed } from './oauth-flow.ts'
import type { TakenOAuthState } from './take-oauth-state.ts'

/**
 * Finishes a log-in with a provider, or the linking of a provider's account; all or nothing.
 *
 * @param query what the provider's redirect brought along.
 * @returns the session that was opened; null when an account was linked, whose session goes on.
 * @throws {OAuthDenied} {OAuthFailed} {EmailUnverified} {AccountDisabled} {IdentityTaken} {OAuthStateInvalid}
 */
export async function completeOauth(
  scope: AuthRequestScope,
  flow: TakenOAuthState,
  query: URLSearchParams,
): Promise<OpenedSession | null> {
  const provider = providerNamed(scope, flow.provider)
  const refusal = query.get('error')
  if (refusal === 'access_denied') throw new OAuthDenied()
  if (refusal !== null)
    throw new OAuthFailed(`the provider refused: ${refusal.replaceAll(/[^\w.-]/g, '').slice(0, 60)}`)
  const account = await provider.identify(query, flow.secrets) // slow and elsewhere: not while holding a row

  const { linkFor } = flow
  return scope.em.transactional(async (em) => {
    if (linkFor === null) return openSession(em, scope, await findOrLinkIdentity(em, scope, account))
    await linkIdentity(em, scope, linkFor, account)
    return null
  })
}
