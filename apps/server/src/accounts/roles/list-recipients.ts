import type { EntityManager } from '@mikro-orm/postgresql'
import type { Role } from './rights.ts'

export interface Recipient {
  readonly id: string
  readonly username: string
  readonly email: string
}

/**
 * Lists the active members of an account who get a mail about it.
 *
 * @param also a member of any other role.
 */
export async function listRecipients(
  em: EntityManager,
  { accountId, roles, also = null }: { accountId: string; roles: readonly Role[]; also?: string | null },
): Promise<Recipient[]> {
  return em.execute<Recipient[]>(
    `select users.id, users.username, users.email from members member join users on users.id = member.user_id
     where member.account_id = ? and users.is_active and (member.role = any(?) or member.user_id = ?::uuid)
     order by users.id`,
    [accountId, `{${roles.join(',')}}`, also],
  )
}
