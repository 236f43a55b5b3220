import type { EntityManager } from '@mikro-orm/postgresql'
import { mayGive, type Role } from '../roles/rights.ts'

/** An open invitation of an open account, sent by a member who may still send it. It may have expired. */
export interface ValidInvitation {
  readonly email: string
  readonly role: Role
  readonly accountName: string
  /** The username and the id of the member who sent it. */
  readonly invitedBy: string
  readonly inviterId: string
  readonly expiresAt: Date
}

/**
 * Finds an invitation that can be accepted. An invitation to a user's verified address ends when the user changes their
 * address: the next owner of the old one is another person.
 *
 * @returns null if it can't be accepted.
 */
export async function findValidInvitation(em: EntityManager, invitationId: string): Promise<ValidInvitation | null> {
  const [row] = await em.execute<(Omit<ValidInvitation, 'expiresAt'> & { expiresAt: string; inviterRole: Role })[]>(
    `select invitation.email, invitation.role, account.name as "accountName", inviter.username as "invitedBy",
       inviter.id as "inviterId", member.role as "inviterRole", invitation.expires_at as "expiresAt"
     from invitations invitation
       join accounts account on account.id = invitation.account_id and account.closed_at is null
       join users inviter on inviter.id = invitation.invited_by_id and inviter.is_active
       join members member on member.account_id = account.id and member.user_id = inviter.id
       left join users invitee on invitee.id = invitation.user_id
     where invitation.id = ? and invitation.status = 'open'
       and (invitation.user_id is null or invitee.email = invitation.email)`,
    [invitationId],
  )
  if (!row || !mayGive(row.inviterRole, row.role)) return null
  return { ...row, expiresAt: new Date(row.expiresAt) }
}
