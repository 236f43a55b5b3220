import { plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvitationAccepted } from '../mail.queues.ts'
import { membersPage } from './members-page.ts'

export function invitationAccepted(props: InvitationAccepted, site: MailSite): Letter {
  const { username, accountId, email, role } = props
  const { roles, greeting, invitationAccepted: words } = site.texts
  const [account, member] = [plainName(props.accountName), plainName(props.member)]
  return {
    subject: words.subject(member, account),
    greeting: greeting(username),
    paragraphs: [words.what(member, email, account, roles[role])],
    action: membersPage(site, accountId),
  }
}
