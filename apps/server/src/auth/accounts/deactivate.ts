import type { AuthScope } from '../auth-scope.ts'
import { LastAdmin } from '../auth.errors.ts'
import { lockUser } from '../links/lock-user.ts'
import { closeAccount } from './close-account.ts'
import { isLastOf, lockAdmins } from './lock-admins.ts'

/**
 * Closes the caller's own account: every session ends at once, and a job of the same transaction sees to billing.
 *
 * @throws {LastAdmin} also when the last two admins leave at the same moment.
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
