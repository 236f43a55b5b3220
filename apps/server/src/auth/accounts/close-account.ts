import type { EntityManager } from '@mikro-orm/postgresql'
import type { Scope } from '../../platform/scope.ts'
import { AccountClosed } from '../auth.queues.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import type { User } from '../user.entity.ts'

/**
 * Closes an account, by its owner's wish or an admin's: its links are void and every session ends at once, and a job of
 * the same transaction sees to billing.
 *
 * @param user whose row the transaction has locked.
 */
export async function closeAccount(
  em: EntityManager,
  { clock, jobs }: Pick<Scope, 'clock' | 'jobs'>,
  user: User,
): Promise<void> {
  user.isActive = false
  await em.flush()
  // A log-in code stays: whoever brings the right one is told that the account is disabled, and not let in.
  await em.nativeDelete(OneTimeToken, { user: user.id })
  await endSessions(em, user.id, 'deactivated', clock.now())
  await jobs.send(em, AccountClosed, { userId: user.id })
}
