import type { Profile } from '../profile.entity.ts'
import type { ProfileView } from '../profile.schemas.ts'

/** What a client may see of a profile. */
export function profileView({ firstName, lastName, avatarUrl, updatedAt }: Profile): ProfileView {
  return { firstName: firstName ?? null, lastName: lastName ?? null, avatarUrl: avatarUrl ?? null, updatedAt }
}
