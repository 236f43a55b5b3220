import type { EntityManager } from '@mikro-orm/postgresql'

/** The ids of the accounts that a user owns: the personal one and organizations, also deleted ones. */
export async function listOwnedAccounts(em: EntityManager, userId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    "select account_id as id from members where user_id = ? and role = 'owner' order by account_id",
    [userId],
  )
  return rows.map(({ id }) => id)
}
