import type { UserView } from '../auth.schemas.ts'
import type { User } from '../user.entity.ts'

/** What a client may know of an account. */
export function userView(user: User): UserView {
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    isVerified: user.isVerified,
    isActive: user.isActive,
    isAdmin: user.isAdmin,
    provider: user.provider,
    createdAt: user.createdAt,
  }
}
