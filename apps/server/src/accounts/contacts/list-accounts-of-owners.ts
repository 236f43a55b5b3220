import type { EntityManager } from '@mikro-orm/postgresql'

/** The ids of all accounts that the owners of an account own: this one, their personal ones, and other organizations. */
export async function listAccountsOfOwners(em: EntityManager, accountId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select distinct theirs.account_id as id
     from members owner join members theirs on theirs.user_id = owner.user_id and theirs.role = 'owner'
     where owner.account_id = ? and owner.role = 'owner'`,
    [accountId],
  )
  return rows.map(({ id }) => id)
}
