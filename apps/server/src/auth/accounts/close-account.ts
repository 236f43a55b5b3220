import type { EntityManager } from '@mikro-orm/postgresql'
import type { Scope } from '../../platform/scope.ts'
import { AccountClosed } from '../auth.queues.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import type { User } from '../user.entity.ts'

/**
 * Closes an account for its owner or an admin. Its links become void and all sessions end at once. A job in the same
 * transaction ends its billing.
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
  // Keep the login code: with the correct code, the answer is that the account is disabled.
  await em.nativeDelete(OneTimeToken, { user: user.id })
  await endSessions(em, user.id, 'deactivated', clock.now())
  await jobs.send(em, AccountClosed, { userId: user.id })
}
