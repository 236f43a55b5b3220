import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export function passwordChanged({ username, at }: { username: string; at: string }, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your password was changed',
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your password was changed on ${formatMinute(at)}, and you were logged out everywhere else.`,
      "If that was you, you don't need to do anything. If not, set a new password right away:",
    ],
    action: { label: 'Set a new password', url: `${webUrl}/forgot-password` },
  }
}
