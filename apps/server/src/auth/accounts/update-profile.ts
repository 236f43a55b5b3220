import { checkOwnersChange, writeOwnData } from '../../platform/own-data.ts'
import type { AuthScope } from '../auth-scope.ts'
import { Profile } from '../profile.entity.ts'
import type { ProfileView, UpdateProfileInput } from '../profile.schemas.ts'
import { profileView } from './profile-view.ts'

/**
 * Changes the given fields of a user's profile, and those of the configuration that the user may change. Null clears a
 * field.
 *
 * @throws {InvalidInput}
 */
export async function updateProfile(
  scope: AuthScope,
  { userId, publicData, ...changes }: UpdateProfileInput & { userId: string },
): Promise<ProfileView> {
  const own = checkOwnersChange(scope.auth.ownFields, publicData ?? {})
  return scope.em.transactional(async (em) => {
    const profile = await em.findOneOrFail(Profile, { user: userId }, { populate: ['user'] })
    em.assign(profile, changes, { ignoreUndefined: true })
    await em.flush()
    await writeOwnData(em, { table: 'users', id: userId, now: scope.clock.now() }, { publicData: own })
    return profileView(profile)
  })
}
