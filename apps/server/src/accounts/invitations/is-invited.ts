import type { EntityManager } from '@mikro-orm/postgresql'
import { findValidInvitation } from './find-valid-invitation.ts'

/** Maximum number of invitations that are looked at: an address with more is hardly a new user's. */
const MOST = 20

/** Whether an address has an invitation to an organization that its owner could accept now. */
export async function isInvited(em: EntityManager, { email, now }: { email: string; now: Date }): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from invitations where email = ? and status = 'open' and expires_at > ? order by created_at desc limit ${MOST}`,
    [email, now],
  )
  for (const { id } of rows) if (await findValidInvitation(em, id)) return true
  return false
}
