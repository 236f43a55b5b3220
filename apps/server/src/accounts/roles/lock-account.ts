import type { EntityManager } from '@mikro-orm/postgresql'

/** The row of an account that the transaction has locked. */
export interface LockedRow {
  readonly id: string
  readonly kind: 'personal' | 'organization'
  /** Null for a personal account without a name of its own. */
  readonly name: string | null
}

/**
 * Locks an account's row until the transaction ends. What changes its members and invitations holds this lock, so the
 * changes happen one after the other.
 *
 * A transaction that needs users' rows as well takes them first. Otherwise two transactions could deadlock: adding a
 * member or an invitation also locks the row of its user, for the foreign key.
 *
 * @returns null when there is no such account, or it is closed.
 */
export async function lockAccount(em: EntityManager, accountId: string): Promise<LockedRow | null> {
  const [row] = await em.execute<LockedRow[]>(
    'select id, kind, name from accounts where id = ? and closed_at is null for no key update',
    [accountId],
  )
  return row ?? null
}
