import type { AuthScope } from '../auth-scope.ts'
import { Profile } from '../profile.entity.ts'
import type { ProfileView } from '../profile.schemas.ts'
import { profileView } from './profile-view.ts'

/** Reads a user's profile. */
export async function getProfile({ em }: AuthScope, input: { userId: string }): Promise<ProfileView> {
  return profileView(await em.findOneOrFail(Profile, { user: input.userId }, { populate: ['user'] }))
}
