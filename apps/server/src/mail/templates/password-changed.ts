import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PasswordChange } from '../mail.queues.ts'

export function passwordChanged({ username, at, by }: PasswordChange, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your password was changed',
    greeting: `Hello ${username},`,
    paragraphs: [
      'Your password was changed, and you were logged out everywhere else.',
      "If that was you, you don't need to do anything. If not, set a new password right away:",
    ],
    details: requestDetails(at, by),
    action: { label: 'Set a new password', url: `${webUrl}/forgot-password` },
  }
}
