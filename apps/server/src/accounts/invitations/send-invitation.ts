import { User } from '../../auth/index.ts'
import { queueMail } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { DAY } from '../../platform/durations.ts'
import type { AccountsScope } from '../accounts-scope.ts'
import type { InvitationView } from '../accounts.schemas.ts'
import { Invitation } from '../invitation.entity.ts'
import type { LockedOrganization } from '../roles/lock-organization.ts'
import type { Role } from '../roles/rights.ts'
import { invitationView } from './invitation-view.ts'

/** How long an invitation is valid after it was sent. */
const INVITATION_TTL = 7 * DAY

interface Sending {
  /** The open invitation to send again; null for a new one. */
  id: string | null
  email: string
  role: Role
  /** False if the address has had enough mails. The invitation is made all the same. */
  allowsMail: boolean
}

/** Makes an invitation or renews it, and queues its mail. It is the caller's own from now on. */
export async function sendInvitation(
  locked: AccountsScope,
  { id: accountId, name: accountName, caller }: LockedOrganization,
  { id, email, role, allowsMail }: Sending,
): Promise<InvitationView> {
  const { em, clock } = locked
  const now = clock.now()
  const invitee = await em.findOne(User, { email, isVerified: true })
  const userId = invitee?.id ?? null
  const renewed = {
    ...{ userId, role, sentAt: now, expiresAt: after(now, INVITATION_TTL) },
    invitedBy: em.getReference(User, caller.userId),
  }
  const found = id && (await em.findOneOrFail(Invitation, { id }))
  const invitation = found
    ? em.assign(found, renewed)
    : em.create(Invitation, {
        ...{ id: newId(), account: accountId, email, status: 'open', createdAt: now, endedAt: null },
        ...renewed,
      })
  await em.flush()
  if (allowsMail) {
    await queueMail(em, locked, {
      fact: `invitation:${invitation.id}:${now.toISOString()}`,
      to: email,
      userId,
      template: 'invitation',
      props: { invitationId: invitation.id, accountName, role, invitedBy: caller.username },
    })
  }
  return invitationView(await em.populate(invitation, ['invitedBy']), now)
}
