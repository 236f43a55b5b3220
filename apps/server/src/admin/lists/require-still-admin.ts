import { AdminOnly } from '../../platform/errors/errors.ts'
import type { AdminScope } from '../admin-scope.ts'

/**
 * Checks again that a session is open and its user an administrator. A download takes long: it must not go on after its
 * caller has lost the right to it.
 *
 * @throws {AdminOnly}
 */
export async function requireStillAdmin(
  { em, clock }: Pick<AdminScope, 'em' | 'clock'>,
  sessionId: string,
): Promise<void> {
  const found = await em.execute<object[]>(
    `select 1 from sessions s join users u on u.id = s.user_id
     where s.id = ? and s.ended_at is null and s.expires_at > ? and u.is_active and u.is_verified and u.is_admin`,
    [sessionId, clock.now()],
  )
  if (found.length === 0) throw new AdminOnly()
}
