import type { AuthScope } from './auth-scope.ts'
import { LastAdmin } from './auth.errors.ts'
import { AccountClosed } from './auth.queues.ts'
import { endSessions } from './end-sessions.ts'
import { lockAdmins } from './lock-admins.ts'
import { lockUser } from './lock-user.ts'
import { OneTimeToken } from './one-time-token.entity.ts'

/**
 * Closes the caller's own account: every session ends at once, and a job of the same transaction sees to billing.
 *
 * @throws {LastAdmin} also when the last two admins leave at the same moment.
 */
export async function deactivate(scope: AuthScope, input: { userId: string }): Promise<void> {
  const { clock, jobs } = scope
  await scope.em.transactional(async (em) => {
    const admins = await lockAdmins(em)
    const user = await lockUser(em, input.userId)
    if (!user?.isActive) return
    if (user.isAdmin && admins.length === 1) throw new LastAdmin()

    user.isActive = false
    await em.flush()
    // A log-in code stays: whoever brings the right one is told that the account is disabled, and not let in.
    await em.nativeDelete(OneTimeToken, { user: user.id })
    await endSessions(em, user.id, 'deactivated', clock.now())
    await jobs.send(em, AccountClosed, { userId: user.id })
  })
}
