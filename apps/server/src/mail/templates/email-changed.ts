import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { EmailChange } from '../mail.queues.ts'

export function emailChanged({ username, newEmail, at, by }: EmailChange, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your email address was changed',
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your account's email address was changed to ${newEmail}. This is the last email we'll send to the old address.`,
      `If that wasn't you, contact the people who run ${webUrl} right away. They can see what happened, and only they can give you your account back.`,
    ],
    details: requestDetails(at, by),
  }
}
