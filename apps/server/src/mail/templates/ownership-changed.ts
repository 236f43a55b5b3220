import { formatMinute, plainName } from '../format.ts'
import type { Detail, Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { OwnershipChange } from '../mail.queues.ts'
import { membersPage } from './members-page.ts'

/** Goes to all owners, also to the one who made the change: someone else may use their login. */
export function ownershipChanged(change: OwnershipChange, pages: MailPages): Letter {
  const { username, accountId, isReader, isOwner, changedBy, at } = change
  const account = plainName(change.accountName)
  const subject = `${isReader ? 'You are' : `${plainName(change.member)} is`} ${isOwner ? 'now' : 'no longer'} an owner of “${account}”`
  const details: Detail[] = [
    { name: 'Time', value: formatMinute(at) },
    { name: 'Changed by', value: plainName(changedBy) },
  ]
  return {
    subject,
    greeting: `Hello ${username},`,
    paragraphs: [
      `${isOwner ? 'An' : 'Only an'} owner may do everything in the organization: pay, manage members, and delete it.`,
      "If you didn't expect this, look at the list of members, and talk to the other owners.",
    ],
    details,
    action: membersPage(pages, accountId),
  }
}
