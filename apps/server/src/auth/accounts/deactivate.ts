import type { AuthRequestScope } from '../auth-scope.ts'
import { LastAdmin } from '../auth.errors.ts'
import { lockUser } from '../links/lock-user.ts'
import { closeAccount } from './close-account.ts'
import { isLastOf, lockAdmins } from './lock-admins.ts'

/**
 * Closes the caller's own account: all sessions end at once, and a job in the same transaction ends its billing. The
 * caller leaves all organizations.
 *
 * @throws {LastAdmin} when no admin would be left, even if the last two leave at the same time.
 * @throws {DomainError} when the caller must not leave an organization.
 */
export async function deactivate(scope: AuthRequestScope, input: { userId: string }): Promise<void> {
  await scope.em.transactional(async (em) => {
    const admins = await lockAdmins(em)
    const user = await lockUser(em, input.userId)
    if (!user?.isActive) return
    if (isLastOf(admins, user.id)) throw new LastAdmin()
    const { id: requestId, ip } = scope.request
    await scope.auth.memberships.leaveAll({ ...scope, em }, { actorId: user.id, requestId, ip })
    await closeAccount(em, scope, user)
  })
}
