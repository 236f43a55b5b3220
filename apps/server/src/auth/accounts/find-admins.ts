import type { EntityManager } from '@mikro-orm/postgresql'

/** Whom a mail to all administrators goes to: those who can act as one. */
export async function findAdmins(em: EntityManager): Promise<{ id: string; email: string; username: string }[]> {
  return em.execute<{ id: string; email: string; username: string }[]>(
    'select id, email, username from users where is_admin = true and is_active and is_verified order by id',
  )
}
