import { formatDuration, plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { InvitationProps } from '../mail.queues.ts'
import { ROLE_WORDS } from './role-words.ts'

/** Goes to someone who may not know us. The names in it were chosen by the person who invites. */
export function invitation(
  props: InvitationProps,
  { siteName }: MailPages,
  { text: link, lifetime }: MailSecret,
): Letter {
  const [account, inviter] = [plainName(props.accountName), plainName(props.invitedBy)]
  return {
    subject: `Invitation to join “${account}”`,
    greeting: 'Hello,',
    paragraphs: [
      `${inviter} invites you to join the organization “${account}” on ${siteName} as ${ROLE_WORDS[props.role]}.`,
      'To accept, log in with this email address, or sign up with it.',
    ],
    action: { label: 'View the invitation', url: link },
    note: `The link works for ${formatDuration(lifetime)}. If you don't know who this is, you can ignore this email.`,
  }
}
