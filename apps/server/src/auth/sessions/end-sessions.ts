import type { EntityManager } from '@mikro-orm/postgresql'
import { Session } from '../session.entity.ts'

/**
 * Ends a user's live sessions, their access tokens included, as part of the transaction.
 *
 * @param except the session that may stay.
 * @returns how many were ended.
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
