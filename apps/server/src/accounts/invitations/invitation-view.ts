import type { Loaded } from '@mikro-orm/core'
import type { InvitationView } from '../accounts.schemas.ts'
import type { Invitation } from '../invitation.entity.ts'

/** What members who manage an account see of an invitation. */
export function invitationView(invitation: Loaded<Invitation, 'invitedBy'>, now: Date): InvitationView {
  const { id, email, role, invitedBy, createdAt, sentAt, expiresAt } = invitation
  const isExpired = invitation.isExpired(now)
  return { id, email, role, invitedBy: invitedBy?.$.username ?? null, createdAt, sentAt, expiresAt, isExpired }
}
