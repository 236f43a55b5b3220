import type { AuthScope } from '../auth-scope.ts'
import { UserNotFound } from '../auth.errors.ts'
import type { UserView } from '../auth.schemas.ts'
import { userView } from '../credentials/user-view.ts'
import type { IdentityList } from '../identity.schemas.ts'
import { Profile } from '../profile.entity.ts'
import type { ProfileView } from '../profile.schemas.ts'
import { User } from '../user.entity.ts'
import { listIdentities } from './list-identities.ts'
import { profileView } from './profile-view.ts'

/**
 * Reads any user's account with its profile and its linked identities.
 *
 * @throws {UserNotFound}
 */
export async function getAccount(
  { em }: Pick<AuthScope, 'em'>,
  { id }: { id: string },
): Promise<UserView & { profile: ProfileView; identities: IdentityList }> {
  const user = await em.findOne(User, { id })
  if (!user) throw new UserNotFound()
  const profile = await em.findOneOrFail(Profile, { user: id }, { populate: ['user'] })
  return { ...userView(user), profile: profileView(profile), identities: await listIdentities({ em }, { userId: id }) }
}
