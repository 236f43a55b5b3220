import { AccountDisabled } from '../platform/errors.ts'
import type { AuthRequestScope } from './auth-scope.ts'
import { InvalidCredentials } from './auth.errors.ts'
import type { LogInInput } from './auth.schemas.ts'
import { lockUser } from './lock-user.ts'
import { openSession, type OpenedSession } from './open-session.ts'
import { User } from './user.entity.ts'

/**
 * Opens a session with e-mail address and password.
 *
 * An unknown address, an account without password and a wrong password cost the same work and get the same answer.
 *
 * @throws {InvalidCredentials} {AccountDisabled} only after the right password. {RateLimited} {Busy}
 */
export async function logIn(scope: AuthRequestScope, input: LogInInput): Promise<OpenedSession> {
  const { em, auth } = scope
  const guess = await auth.limits.countGuess('password', input.email)
  const found = await em.findOne(User, { email: input.email })
  const passwordHash = found?.passwordHash ?? null
  if (!(await auth.passwords.matches(input.password, passwordHash)) || !found) throw new InvalidCredentials()
  await guess.wasRight()
  const newHash =
    passwordHash && auth.passwords.isOutdated(passwordHash) ? await auth.passwords.hash(input.password) : undefined

  return em.transactional(async (em) => {
    // Read again under the lock: a reset or a deactivation that came in between must win.
    const user = await lockUser(em, found.id)
    if (!user || user.passwordHash !== passwordHash) throw new InvalidCredentials()
    if (!user.isActive) throw new AccountDisabled()
    if (newHash) user.passwordHash = newHash
    return openSession(em, scope, user)
  })
}
