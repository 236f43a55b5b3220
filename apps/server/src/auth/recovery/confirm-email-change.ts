import { queueMail } from '../../mail/index.ts'
import { takenError } from '../accounts/taken-error.ts'
import type { AuthScope } from '../auth-scope.ts'
import { TokenInvalid } from '../auth.errors.ts'
import { EmailChanged } from '../auth.queues.ts'
import type { ConfirmEmailChangeInput, UserView } from '../auth.schemas.ts'
import { userView } from '../credentials/user-view.ts'
import { lockToken, readToken } from '../links/redeem-token.ts'
import { voidTokens } from '../links/void-tokens.ts'
import { endSessions } from '../sessions/end-sessions.ts'

/**
 * Moves the account to the address that a mailed link proves.
 *
 * Only for the account that asked, and logged in: else whoever gets such a mail by mistake or by malice would verify
 * a stranger's account with his click.
 *
 * @throws {TokenInvalid} unknown, used, of another purpose or another account. {TokenExpired}
 * @throws {EmailTaken} somebody else has taken the address meanwhile.
 */
export async function confirmEmailChange(
  scope: AuthScope,
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
      user.email = newEmail
      user.isVerified = true
      await em.flush()
      await voidTokens(em, user.id)
      await endSessions(em, user.id, 'email_changed', now, input.sessionId)
      await scope.jobs.send(em, EmailChanged, { userId: user.id })
      await queueMail(em, scope, {
        fact: `email-changed:${token.jti}`,
        to: oldEmail,
        template: 'email-changed',
        props: { username: user.username, newEmail, at: now.toISOString() },
      })
      return userView(user)
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}
