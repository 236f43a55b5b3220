import type { AuditActor } from '../../platform/audit/audit.ts'
import { AdminOnly } from '../../platform/errors/errors.ts'
import type { Scope } from '../../platform/scope.ts'
import { UserNotFound } from '../auth.errors.ts'
import { lockUser } from '../links/lock-user.ts'
import type { User } from '../user.entity.ts'
import { lockAdmins } from './lock-admins.ts'

export type OperatorOf = AuditActor & { readonly actorId: string }
export type OperatorScope = Pick<Scope, 'em' | 'jobs' | 'clock'>

/**
 * Runs a change of a user in a transaction that has locked their row, and those of all admins before. So an admin whose
 * rights were removed a moment ago changes nothing.
 *
 * @throws {UserNotFound}
 * @throws {AdminOnly}
 */
export async function changeOther<S extends OperatorScope, T>(
  scope: S,
  actor: OperatorOf,
  userId: string,
  work: (locked: S, user: User) => Promise<T>,
): Promise<T> {
  return scope.em.transactional(async (em) => {
    const admins = await lockAdmins(em)
    const user = await lockUser(em, userId)
    if (!user) throw new UserNotFound()
    if (!admins.includes(actor.actorId)) throw new AdminOnly()
    return work({ ...scope, em }, user)
  })
}
