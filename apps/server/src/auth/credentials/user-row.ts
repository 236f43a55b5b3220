import type { UserView } from '../auth.schemas.ts'

/** What a client may know of an account, as a hand-written statement reads it. */
export interface UserRow {
  email: string
  username: string
  is_verified: boolean
  is_active: boolean
  is_admin: boolean
  provider: UserView['provider']
  created_at: string
}

export const USER_COLUMNS = 'u.email, u.username, u.is_verified, u.is_active, u.is_admin, u.provider, u.created_at'

export function viewOfRow(id: string, row: UserRow): UserView {
  return {
    id,
    email: row.email,
    username: row.username,
    isVerified: row.is_verified,
    isActive: row.is_active,
    isAdmin: row.is_admin,
    provider: row.provider,
    createdAt: new Date(row.created_at),
  }
}
