import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export function sessionsEnded({ username, at }: { username: string; at: string }, { webUrl }: MailPages): Letter {
  return {
    subject: 'We logged you out for your safety',
    greeting: `Hello ${username},`,
    paragraphs: [
      `On ${formatMinute(at)} an old copy of your log-in was used a second time. That can be harmless, but it is also what happens when somebody has stolen it, so we ended that session.`,
      'Please log in again. If this seems strange to you, change your password as well.',
    ],
    action: { label: 'Log in', url: `${webUrl}/login` },
  }
}
