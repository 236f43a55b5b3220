import type { AuthRequestScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import type { ExchangeOAuthCodeInput, LinkedIdentity } from '../identity.schemas.ts'
import { hashOf, linkHashOf } from '../links/oauth-secrets.ts'
import type { ProvenAddress, ProviderName } from '../providers/provider.ts'
import { linkIdentity } from './link-identity.ts'

interface FoundRow {
  provider: ProviderName
  subject: string
  email: string | null
}

/**
 * Links the account that an app has asked for. The code works once, with the app's verifier, and only for the session
 * that asked. With another verifier or session, it is not used up.
 *
 * Attack: someone sends the URL of their own request to a victim. The victim's browser then brings the code to the
 * victim's app, which has neither the verifier nor the session. So the victim's account at the provider is not linked.
 *
 * @throws {OAuthStateInvalid} when the code is unknown, expired or used, or belongs to another verifier or session.
 * @throws {AccountDisabled}
 * @throws {IdentityTaken}
 */
export async function exchangeLinkCode(
  scope: AuthRequestScope,
  { code, codeVerifier, sessionId }: ExchangeOAuthCodeInput & { sessionId: string },
): Promise<LinkedIdentity> {
  return scope.em.transactional(async (em) => {
    const key = [linkHashOf(code), hashOf(codeVerifier), sessionId, scope.clock.now()]
    const which = 'hash = ? and verifier_hash = ? and session_id = ? and expires_at > ?'
    const [found] = await em.execute<FoundRow[]>(`select provider, subject, email from oauth_codes where ${which}`, key)
    if (!found) throw new OAuthStateInvalid()
    const { provider, subject, email } = found
    const address: ProvenAddress = email === null ? { state: 'none' } : { state: 'verified', email }
    await linkIdentity(em, scope, sessionId, { provider, subject, address })
    // Only now, under the user's lock, as everywhere: what voids the code takes that lock first, too.
    const used = await em.execute<unknown[]>(`delete from oauth_codes where ${which} returning hash`, key)
    if (used.length === 0) throw new OAuthStateInvalid()
    return { provider, email }
  })
}
