import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import type { ExchangeOAuthCodeInput } from '../identity.schemas.ts'
import { lockUser } from '../links/lock-user.ts'
import { hashOf } from '../links/oauth-secrets.ts'
import { openSession } from '../sessions/open-session.ts'
import type { OpenedSession } from '../sessions/opened-session.ts'

/**
 * Opens a session for the app that asked for a login with a provider. The code works once.
 *
 * With another verifier, the code is not used up: an attacker who has seen it can't break the login.
 *
 * @throws {OAuthStateInvalid} when the code is unknown, expired or used, or belongs to another verifier.
 * @throws {AccountDisabled}
 */
export async function exchangeOauthCode(
  scope: AuthRequestScope,
  { code, codeVerifier }: ExchangeOAuthCodeInput,
): Promise<OpenedSession> {
  return scope.em.transactional(async (em) => {
    const key = [hashOf(code), hashOf(codeVerifier)]
    // The user first, as everywhere: what voids the code has locked the user, too.
    const [found] = await em.execute<{ user_id: string }[]>(
      'select user_id from oauth_codes where hash = ? and verifier_hash = ?',
      key,
    )
    const user = found && (await lockUser(em, found.user_id))
    const [used] = await em.execute<{ isFresh: boolean }[]>(
      'delete from oauth_codes where hash = ? and verifier_hash = ? returning expires_at > ? as "isFresh"',
      [...key, scope.clock.now()],
    )
    if (!user || !used?.isFresh) throw new OAuthStateInvalid()
    if (!user.isActive) throw new AccountDisabled()
    return openSession(em, scope, user)
  })
}
