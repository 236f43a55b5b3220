import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export function passwordChanged({ username, at }: { username: string; at: string }, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your password was changed',
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your password was changed on ${formatMinute(at)}, and your other sessions were ended.`,
      'If that was you, there is nothing to do. If it was not, set a new password at once:',
    ],
    action: { label: 'Set a new password', url: `${webUrl}/forgot-password` },
  }
}
