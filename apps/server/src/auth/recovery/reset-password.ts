import { queueMail } from '../../mail/index.ts'
import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { TokenInvalid } from '../auth.errors.ts'
import type { ResetPasswordInput } from '../auth.schemas.ts'
import { lockToken, readToken } from '../links/redeem-token.ts'
import { voidTokens } from '../links/void-tokens.ts'
import { endSessions } from '../sessions/end-sessions.ts'

/**
 * Sets a new password with a mailed link. Ends all sessions of the user and voids all other links and codes. The user
 * could open the mail, so the address becomes verified too.
 *
 * @param input.token a validation JWT for `reset-password`; works once, for RESET_TOKEN_TTL.
 * @throws {TokenInvalid} when it is unknown, used, or for another purpose, or the address has changed since, or the
 *   account is disabled.
 * @throws {TokenExpired}
 * @throws {Busy} when too many passwords are being hashed.
 */
export async function resetPassword(scope: AuthRequestScope, input: ResetPasswordInput): Promise<void> {
  const { clock, auth } = scope
  const claims = readToken(scope, input.token, 'reset-password')
  const passwordHash = await auth.passwords.hash(input.password) // slow on purpose, so not while a row is locked

  await scope.em.transactional(async (em) => {
    const { token, user } = await lockToken(em, claims, 'reset-password')
    if (token.usedAt || token.email !== user.email) throw new TokenInvalid()

    const now = clock.now()
    user.passwordHash = passwordHash
    user.isVerified = true
    await em.flush()
    await voidTokens(em, user.id)
    await endSessions(em, user.id, 'password_changed', now)
    await queueMail(em, scope, {
      fact: `password-changed:${token.jti}`,
      ...{ to: user.email, userId: user.id },
      template: 'password-changed',
      props: { username: user.username, at: now.toISOString(), by: requesterOf(scope.request) },
    })
  })
}
