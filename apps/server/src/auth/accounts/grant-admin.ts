import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import { UserNotFound } from '../auth.errors.ts'
import type { UserView } from '../auth.schemas.ts'
import { userView } from '../credentials/user-view.ts'
import { lockUser } from '../links/lock-user.ts'
import { User } from '../user.entity.ts'

/**
 * Makes the account with this address an administrator, if it is not one already.
 *
 * This does not verify the address: another person may have opened the account with it, and would become the admin.
 *
 * @throws {UserNotFound}
 */
export async function grantAdmin(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  actor: AuditActor,
  { email }: { email: string },
): Promise<{ user: UserView; isNew: boolean }> {
  return em.transactional(async (em) => {
    const known = await em.findOne(User, { email })
    const user = known && (await lockUser(em, known.id))
    if (!user) throw new UserNotFound()
    if (user.isAdmin) return { user: userView(user), isNew: false }

    const before = { isAdmin: false }
    user.isAdmin = true
    recordAudit({ em, clock }, actor, {
      ...{ action: 'user.grant_admin', targetType: 'user', targetId: user.id },
      ...{ before, after: { isAdmin: true } },
    })
    return { user: userView(user), isNew: true }
  })
}
