import { plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvitationAccepted } from '../mail.queues.ts'
import { membersPage } from './members-page.ts'
import { ROLE_WORDS } from './role-words.ts'

export function invitationAccepted(props: InvitationAccepted, pages: MailPages): Letter {
  const { username, accountId, email, role } = props
  const [account, member] = [plainName(props.accountName), plainName(props.member)]
  return {
    subject: `${member} has joined “${account}”`,
    greeting: `Hello ${username},`,
    paragraphs: [`${member} (${email}) has accepted an invitation and joined “${account}” as ${ROLE_WORDS[role]}.`],
    action: membersPage(pages, accountId),
  }
}
