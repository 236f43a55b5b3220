import type { UserView } from '../auth.schemas.ts'

/** A user as the unit of work has it, or as a hand-written statement reads it: `pg` returns timestamps as text. */
export type UserRow = Omit<UserView, 'createdAt' | 'publicData'> & {
  readonly createdAt: Date | string
  readonly publicData?: UserView['publicData'] | null
}

/** The columns of a {@link UserRow}, for a statement that calls the table `u`. */
export const USER_COLUMNS = `u.id, u.email, u.username, u.is_verified as "isVerified", u.is_active as "isActive",
  u.is_admin as "isAdmin", u.provider, u.public_data as "publicData", u.created_at as "createdAt"`

/** What a client may see of an account. */
export function userView(user: UserRow): UserView {
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    isVerified: user.isVerified,
    isActive: user.isActive,
    isAdmin: user.isAdmin,
    provider: user.provider,
    publicData: user.publicData ?? {},
    createdAt: new Date(user.createdAt),
  }
}
