import type { EntityManager } from '@mikro-orm/postgresql'
import { LastOwner } from '../accounts.errors.ts'

/**
 * Requires that an organization keeps an owner who can act, without this user.
 *
 * @param em the transaction, which holds the account's lock, so two owners can't both be let go.
 * @throws {LastOwner}
 */
export async function requireOtherOwner(
  em: EntityManager,
  { id, name }: { id: string; name: string },
  userId: string,
): Promise<void> {
  const others = await em.execute<unknown[]>(
    `select 1 from members member join users on users.id = member.user_id
     where member.account_id = ? and member.user_id <> ? and member.role = 'owner' and users.is_active limit 1`,
    [id, userId],
  )
  if (others.length === 0) throw new LastOwner(name)
}
