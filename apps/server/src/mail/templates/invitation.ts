import { formatDuration, plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvitationProps } from '../mail.queues.ts'

/** Goes to someone who may not know us. The names in it were chosen by the person who invites. */
export function invitation(
  props: InvitationProps,
  { brand, texts }: MailSite,
  { text: link, lifetime }: MailSecret,
): Letter {
  const words = texts.invitation
  const [account, inviter] = [plainName(props.accountName), plainName(props.invitedBy)]
  return {
    subject: words.subject(account),
    greeting: texts.greetingToStranger,
    paragraphs: [words.what(inviter, account, brand.name, texts.roles[props.role]), words.how],
    action: { label: words.action, url: link },
    note: words.note(formatDuration(texts, lifetime)),
  }
}
