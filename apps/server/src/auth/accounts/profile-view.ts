import type { Loaded } from '@mikro-orm/core'
import type { Profile } from '../profile.entity.ts'
import type { ProfileView } from '../profile.schemas.ts'

/** What its user may see of a profile. */
export function profileView({ user, ...profile }: Loaded<Profile, 'user'>): ProfileView {
  const { firstName, lastName, avatarUrl, timeZone, updatedAt } = profile
  return {
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    avatarUrl: avatarUrl ?? null,
    timeZone: timeZone ?? null,
    hasPassword: Boolean(user.$.passwordHash),
    updatedAt,
  }
}
