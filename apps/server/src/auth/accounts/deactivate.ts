import type { AuthScope } from '../auth-scope.ts'
import { LastAdmin } from '../auth.errors.ts'
import { lockUser } from '../links/lock-user.ts'
import { closeAccount } from './close-account.ts'
import { isLastOf, lockAdmins } from './lock-admins.ts'

/**
 * Closes the caller's own account: all sessions end at once, and a job in the same transaction ends its billing.
 *
 * @throws {LastAdmin} when no admin would be left, even if the last two leave at the same time.
 */
export async function deactivate(scope: AuthScope, input: { userId: string }): Promise<void> {
  await scope.em.transactional(async (em) => {
    const admins = await lockAdmins(em)
    const user = await lockUser(em, input.userId)
    if (!user?.isActive) return
    if (isLastOf(admins, user.id)) throw new LastAdmin()
    await closeAccount(em, scope, user)
  })
}
