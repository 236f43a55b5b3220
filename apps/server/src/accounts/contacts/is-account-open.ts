import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Whether an account may be billed. An organization is open until it is deleted, and a personal account while its user
 * is active.
 */
export async function isAccountOpen(em: EntityManager, accountId: string): Promise<boolean> {
  const [account] = await em.execute<{ isOpen: boolean }[]>(
    `select account.closed_at is null and coalesce(person.is_active, true) as "isOpen"
     from accounts account left join users person on person.id = account.id where account.id = ?`,
    [accountId],
  )
  return account?.isOpen ?? false
}
