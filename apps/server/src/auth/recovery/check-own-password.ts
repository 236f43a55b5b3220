import type { AuthScope } from '../auth-scope.ts'
import { NoPassword, WrongPassword } from '../auth.errors.ts'
import { User } from '../user.entity.ts'

/**
 * Makes sure that whoever sits at an open session also knows the password, before something grave is changed.
 *
 * @returns the hash that matched; the caller checks under the lock that it is still the account's.
 * @throws {NoPassword} {WrongPassword} {RateLimited} too many wrong ones. {Busy}
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
