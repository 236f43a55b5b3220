import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { AdminOnly } from '../../platform/errors/errors.ts'
import type { Scope } from '../../platform/scope.ts'
import type { UpdateAccountInput } from '../account.schemas.ts'
import { CannotChangeSelf, LastAdmin, UserNotFound } from '../auth.errors.ts'
import type { UserView } from '../auth.schemas.ts'
import { userView } from '../credentials/user-view.ts'
import { lockUser } from '../links/lock-user.ts'
import { closeAccount } from './close-account.ts'
import { isLastOf, lockAdmins } from './lock-admins.ts'

/**
 * Changes another user's account, for an admin. Disabling an account closes it: sessions end at once, and a job in the
 * same transaction ends the subscription at the end of its period. Enabling it again doesn't undo that.
 *
 * @throws {CannotChangeSelf}
 * @throws {UserNotFound}
 * @throws {LastAdmin} when no user would be left who can act as an admin.
 * @throws {AdminOnly} when another admin has just removed the actor's own rights.
 */
export async function updateAccount(
  { em, jobs, clock }: Pick<Scope, 'em' | 'jobs' | 'clock'>,
  actor: AuditActor & { actorId: string },
  { id, isActive, isAdmin, isVerified }: UpdateAccountInput,
): Promise<UserView> {
  if (id === actor.actorId) throw new CannotChangeSelf()
  return em.transactional(async (em) => {
    const admins = await lockAdmins(em)
    const user = await lockUser(em, id)
    if (!user) throw new UserNotFound()
    const takesAway = [isActive, isAdmin, isVerified].includes(false)
    if (takesAway && isLastOf(admins, id)) throw new LastAdmin()
    if (!admins.includes(actor.actorId)) throw new AdminOnly()

    const before = { isActive: user.isActive, isAdmin: user.isAdmin, isVerified: user.isVerified }
    user.isAdmin = isAdmin ?? user.isAdmin
    user.isVerified = isVerified ?? user.isVerified
    if (isActive === false && user.isActive) await closeAccount(em, { clock, jobs }, user)
    else user.isActive = isActive ?? user.isActive

    const after = { isActive: user.isActive, isAdmin: user.isAdmin, isVerified: user.isVerified }
    recordAudit({ em, clock }, actor, { action: 'user.update', targetType: 'user', targetId: id, before, after })
    return userView(user)
  })
}
