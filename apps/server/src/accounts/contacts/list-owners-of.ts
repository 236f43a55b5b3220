import type { EntityManager } from '@mikro-orm/postgresql'

/** The ids of an account's owners, in order. Each is also the id of the owner's personal account. */
export async function listOwnersOf(em: EntityManager, accountId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    "select user_id as id from members where account_id = ? and role = 'owner' order by user_id",
    [accountId],
  )
  return rows.map(({ id }) => id)
}
