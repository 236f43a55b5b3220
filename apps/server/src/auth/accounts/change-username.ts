import type { AuthScope } from '../auth-scope.ts'
import type { ChangeUsernameInput, UserView } from '../auth.schemas.ts'
import { userView } from '../credentials/user-view.ts'
import { lockUser } from '../links/lock-user.ts'
import { User } from '../user.entity.ts'
import { takenError } from './taken-error.ts'

/**
 * Gives the caller another username. A personal account without a name of its own is called by it.
 *
 * @throws {UsernameTaken} even if two callers take it at the same time: the unique index decides.
 */
export async function changeUsername(
  scope: AuthScope,
  { userId, username }: ChangeUsernameInput & { userId: string },
): Promise<UserView> {
  try {
    return await scope.em.transactional(async (em) => {
      const user = (await lockUser(em, userId)) ?? (await em.findOneOrFail(User, { id: userId }))
      user.username = username
      user.usernameKey = username.toLowerCase()
      await em.flush()
      return userView(user)
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}
