import type { EntityManager } from '@mikro-orm/postgresql'
import { Session } from '../session.entity.ts'

/**
 * Ends a user's open sessions, including their access tokens, as part of the transaction.
 *
 * @param except the id of a session to keep.
 * @returns the number of ended sessions.
 */
export async function endSessions(
  em: EntityManager,
  userId: string,
  reason: NonNullable<Session['endedReason']>,
  at: Date,
  except?: string,
): Promise<number> {
  return em.nativeUpdate(
    Session,
    { user: userId, endedAt: null, ...(except ? { id: { $ne: except } } : {}) },
    { endedAt: at, endedReason: reason },
  )
}
