import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Locks the rows of all active admins, always in the same order: whoever takes somebody's rights away holds all of
 * them, so that two who do it at the same moment can't leave none.
 *
 * @returns their ids.
 */
export async function lockAdmins(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    'select id from users where is_admin and is_active order by id for update',
  )
  return rows.map(({ id }) => id)
}
