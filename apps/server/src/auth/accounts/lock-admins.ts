import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Locks the rows of all who can act as an admin (active, and with a verified address), always in the same order: whoever
 * takes somebody's rights away holds all of them, so that two who do it at the same moment can't leave none.
 *
 * @returns their ids.
 */
export async function lockAdmins(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    'select id from users where is_admin = true and is_active and is_verified order by id for update',
  )
  return rows.map(({ id }) => id)
}

/** Whether nobody would be left who can act as an admin. */
export const isLastOf = (admins: readonly string[], userId: string): boolean =>
  admins.length === 1 && admins[0] === userId
