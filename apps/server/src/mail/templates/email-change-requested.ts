import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { EmailChange } from '../mail.queues.ts'

export function emailChangeRequested({ username, newEmail, at, by }: EmailChange, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your email address is about to change',
    greeting: `Hello ${username},`,
    paragraphs: [
      `Someone who knows your password asked to change your account's email address to ${newEmail}. The change takes effect once it is confirmed with the link we sent there.`,
      "If that wasn't you, change your password now. This also disables the link.",
    ],
    details: requestDetails(at, by),
    action: { label: 'Change my password', url: `${webUrl}/password` },
  }
}
