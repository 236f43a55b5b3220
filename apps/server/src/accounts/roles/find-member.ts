import type { EntityManager } from '@mikro-orm/postgresql'
import type { Role } from './rights.ts'

export interface FoundMember {
  readonly userId: string
  readonly username: string
  readonly email: string
  readonly isActive: boolean
  readonly role: Role
  readonly joinedAt: Date
}

/** Reads one member of an account. @returns null when the user is none. */
export async function findMember(em: EntityManager, accountId: string, userId: string): Promise<FoundMember | null> {
  const [row] = await em.execute<(Omit<FoundMember, 'joinedAt'> & { joinedAt: string })[]>(
    `select users.id as "userId", users.username, users.email, users.is_active as "isActive", member.role,
       member.joined_at as "joinedAt"
     from members member join users on users.id = member.user_id
     where member.account_id = ? and member.user_id = ?`,
    [accountId, userId],
  )
  return row ? { ...row, joinedAt: new Date(row.joinedAt) } : null
}
