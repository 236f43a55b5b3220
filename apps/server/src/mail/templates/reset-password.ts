import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export function resetPassword({ username }: { username: string }, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Set a new password',
    greeting: `Hello ${username},`,
    paragraphs: ['You, or someone who entered your email address, asked for a new password. Set one here:'],
    action: { label: 'Set a new password', url: link },
    note: `The link works once, for ${formatDuration(lifetime)}. If you didn't ask for it, you can ignore this email. Your password will stay the same.`,
  }
}
