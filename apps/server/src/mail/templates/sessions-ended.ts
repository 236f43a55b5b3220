import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export function sessionsEnded({ username, at }: { username: string; at: string }, { webUrl }: MailPages): Letter {
  return {
    subject: 'We logged you out to protect your account',
    greeting: `Hello ${username},`,
    paragraphs: [
      `On ${formatMinute(at)}, an old copy of your login was used again. This can be harmless, but it also happens when someone has stolen a login. To be safe, we ended that session.`,
      'Please log in again. If this looks suspicious to you, change your password as well.',
    ],
    action: { label: 'Log in', url: `${webUrl}/login` },
  }
}
