import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Locks the rows of all users who can act as an admin: active, with a verified address. A transaction that removes admin
 * rights holds all these locks, so two at the same time can't leave no admin. The order is fixed, to prevent deadlocks.
 *
 * @returns the ids of these users.
 */
export async function lockAdmins(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    'select id from users where is_admin = true and is_active and is_verified order by id for update',
  )
  return rows.map(({ id }) => id)
}

/** Whether this user is the only one who can act as an admin. */
export const isLastOf = (admins: readonly string[], userId: string): boolean =>
  admins.length === 1 && admins[0] === userId
