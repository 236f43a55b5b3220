import type { AuthScope } from './auth-scope.ts'
import type { RegisterInput, UserView } from './auth.schemas.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import { Profile } from './profile.entity.ts'
import { requestVerificationMail } from './request-verification-mail.ts'
import { takenError } from './taken-error.ts'
import { userView } from './user-view.ts'
import { User } from './user.entity.ts'

/**
 * Opens an account with an empty profile and queues the mail that verifies its address, all or nothing.
 *
 * @throws {EmailTaken} {UsernameTaken} also when two people ask at the same moment: the unique indexes decide.
 * @throws {InvalidInput} a common password. {Busy} too many passwords are being hashed.
 */
export async function register(scope: AuthScope, input: RegisterInput): Promise<UserView> {
  refuseCommonPassword(input.password, 'password')
  const passwordHash = await scope.auth.passwords.hash(input.password) // slow on purpose: not while holding a row

  try {
    return await scope.em.transactional(async (em) => {
      const user = em.create(User, {
        email: input.email,
        username: input.username,
        usernameKey: input.username.toLowerCase(),
        passwordHash,
      })
      em.create(Profile, { user })
      await em.flush()
      await requestVerificationMail({ ...scope, em }, user)
      return userView(user)
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}
