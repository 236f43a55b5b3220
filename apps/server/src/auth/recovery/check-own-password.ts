import type { AuthScope } from '../auth-scope.ts'
import { NoPassword, WrongPassword } from '../auth.errors.ts'
import { User } from '../user.entity.ts'

/**
 * Checks before a sensitive change that the caller, who has an open session, also knows the password.
 *
 * @returns the hash that matched. The caller must check under the lock that it is still the account's.
 * @throws {NoPassword}
 * @throws {WrongPassword}
 * @throws {RateLimited} after too many wrong passwords.
 * @throws {Busy} when too many passwords are being hashed.
 */
export async function checkOwnPassword(scope: AuthScope, userId: string, password: string): Promise<string> {
  const { em, auth } = scope
  const user = await em.findOneOrFail(User, { id: userId })
  if (!user.passwordHash) throw new NoPassword()

  const guess = await auth.limits.countGuess('password', user.email)
  if (!(await auth.passwords.matches(password, user.passwordHash))) throw new WrongPassword()
  await guess.wasRight()
  return user.passwordHash
}
