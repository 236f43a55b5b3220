import { queueMail } from '../../mail/index.ts'
import { newId } from '../../platform/database/ids.ts'
import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { WrongPassword } from '../auth.errors.ts'
import type { ChangePasswordInput } from '../auth.schemas.ts'
import { lockUser } from '../links/lock-user.ts'
import { voidTokens } from '../links/void-tokens.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { checkOwnPassword } from './check-own-password.ts'

/**
 * Sets a new password for a user who knows the old one. Ends their other sessions and voids their links and codes.
 *
 * @throws {WrongPassword}
 * @throws {NoPassword}
 * @throws {RateLimited}
 * @throws {Busy} when too many passwords are being hashed.
 */
export async function changePassword(
  scope: AuthRequestScope,
  input: ChangePasswordInput & { userId: string; sessionId: string },
): Promise<void> {
  const { clock, auth } = scope
  const oldHash = await checkOwnPassword(scope, input.userId, input.oldPassword)
  const newHash = await auth.passwords.hash(input.newPassword) // slow on purpose, so not while a row is locked

  await scope.em.transactional(async (em) => {
    const user = await lockUser(em, input.userId)
    if (user?.passwordHash !== oldHash) throw new WrongPassword()

    const now = clock.now()
    user.passwordHash = newHash
    await em.flush()
    await voidTokens(em, user.id)
    await endSessions(em, user.id, 'password_changed', now, input.sessionId)
    await queueMail(em, scope, {
      fact: `password-changed:${newId()}`,
      ...{ to: user.email, userId: user.id },
      template: 'password-changed',
      props: { username: user.username, at: now.toISOString(), by: requesterOf(scope.request) },
    })
  })
}
