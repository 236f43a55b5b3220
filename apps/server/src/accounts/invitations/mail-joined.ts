import type { User } from '../../auth/index.ts'
import { queueMails, type MailOfFact } from '../../mail/index.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import type { AccountsScope } from '../accounts-scope.ts'
import { countMembers } from '../roles/count-members.ts'
import { listRecipients } from '../roles/list-recipients.ts'
import type { ValidInvitation } from './find-valid-invitation.ts'

interface Joined {
  accountId: string
  invitationId: string
  user: User
  invitation: ValidInvitation
}

/** Mails the owners and the inviter that a person has joined, and owners and admins if seats run out. */
export async function mailJoined(locked: AccountsScope, joined: Joined): Promise<void> {
  const mails = [...(await acceptedMails(locked, joined)), ...(await seatMails(locked, joined))]
  await queueMails(runWithin(locked.em), locked, mails)
}

async function acceptedMails({ em }: AccountsScope, joined: Joined): Promise<MailOfFact[]> {
  const { accountId, invitationId, user, invitation } = joined
  const { accountName, email, role, inviterId } = invitation
  const recipients = await listRecipients(em, { accountId, roles: ['owner'], also: inviterId })
  return recipients
    .filter(({ id }) => id !== user.id)
    .map(({ id, username, email: to }) => ({
      fact: `invitation-accepted:${invitationId}:${id}`,
      to,
      userId: id,
      template: 'invitation-accepted',
      props: { username, accountId, accountName, member: user.username, email, role },
    }))
}

/** One mail for each limit and recipient, when the last seat or the last but one is taken. */
async function seatMails(locked: AccountsScope, { accountId, invitation }: Joined): Promise<MailOfFact[]> {
  const seats = await locked.accounts.seats.readSeats(locked, accountId)
  const used = await countMembers(locked.em, accountId)
  const max = seats?.max ?? null
  if (max === null || used < max - 1) return []
  const recipients = await listRecipients(locked.em, { accountId, roles: ['owner', 'admin'] })
  return recipients.map(({ id, username, email: to }) => ({
    fact: `seat-limit-near:${accountId}:${max}:${id}`,
    to,
    userId: id,
    template: 'seat-limit-near',
    props: { username, accountId, accountName: invitation.accountName, used, max },
  }))
}
