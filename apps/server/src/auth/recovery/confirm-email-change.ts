import { keepMails, queueMail } from '../../mail/index.ts'
import { takenError } from '../accounts/taken-error.ts'
import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { TokenInvalid } from '../auth.errors.ts'
import { EmailChanged } from '../auth.queues.ts'
import type { ConfirmEmailChangeInput, UserView } from '../auth.schemas.ts'
import { userView } from '../credentials/user-view.ts'
import { lockToken, readToken } from '../links/redeem-token.ts'
import { voidTokens } from '../links/void-tokens.ts'
import { endSessions } from '../sessions/end-sessions.ts'

/**
 * Changes an account's address with a mailed link.
 *
 * The caller must be logged in to the account that asked. Otherwise a person who gets such a mail, by mistake or by an
 * attacker's intent, could verify another user's account with a click.
 *
 * @throws {TokenInvalid} when it is unknown, used, or for another purpose or account.
 * @throws {TokenExpired}
 * @throws {EmailTaken} when another account has taken the address in the meantime.
 */
export async function confirmEmailChange(
  scope: AuthRequestScope,
  input: ConfirmEmailChangeInput & { userId: string; sessionId: string },
): Promise<UserView> {
  const claims = readToken(scope, input.token, 'confirm-email')
  if (claims.userId !== input.userId) throw new TokenInvalid()

  try {
    return await scope.em.transactional(async (em) => {
      const { token, user } = await lockToken(em, claims, 'confirm-email')
      if (token.usedAt) throw new TokenInvalid()

      const now = scope.clock.now()
      const [oldEmail, newEmail] = [user.email, token.email]
      if (user.isVerified) await keepMails(em, { userId: user.id, address: oldEmail, since: user.createdAt })
      user.email = newEmail
      user.isVerified = true
      await em.flush()
      await voidTokens(em, user.id)
      await endSessions(em, user.id, 'email_changed', now, input.sessionId)
      await scope.jobs.send(em, EmailChanged, { userId: user.id })
      await queueMail(em, scope, {
        fact: `email-changed:${token.jti}`,
        ...{ to: oldEmail, userId: user.id },
        template: 'email-changed',
        props: { username: user.username, newEmail, at: now.toISOString(), by: requesterOf(scope.request) },
      })
      return userView(user)
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}
