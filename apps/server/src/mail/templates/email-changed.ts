import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { EmailChange } from './email-change-requested.ts'

export function emailChanged({ username, newEmail, at }: EmailChange, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your e-mail address was changed',
    greeting: `Hello ${username},`,
    paragraphs: [
      `On ${formatMinute(at)} your account moved to ${newEmail}. This is the last mail to the old address.`,
      `If that was not you, tell the people who run ${webUrl} at once: they can see what happened, and only they can give the account back.`,
    ],
  }
}
