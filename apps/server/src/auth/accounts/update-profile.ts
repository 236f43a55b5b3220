import type { AuthScope } from '../auth-scope.ts'
import { Profile } from '../profile.entity.ts'
import type { ProfileView, UpdateProfileInput } from '../profile.schemas.ts'
import { profileView } from './profile-view.ts'

/** Changes the given fields of a user's profile. Null clears a field. */
export async function updateProfile(
  scope: AuthScope,
  { userId, ...changes }: UpdateProfileInput & { userId: string },
): Promise<ProfileView> {
  return scope.em.transactional(async (em) => {
    const profile = await em.findOneOrFail(Profile, { user: userId }, { populate: ['user'] })
    em.assign(profile, changes, { ignoreUndefined: true })
    await em.flush()
    return profileView(profile)
  })
}
