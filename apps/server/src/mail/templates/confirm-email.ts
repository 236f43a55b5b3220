import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export function confirmEmail({ username }: { username: string }, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Please confirm your new email address',
    greeting: `Hello ${username},`,
    paragraphs: ['You asked to use this email address for your account. Log in and confirm it here:'],
    action: { label: 'Confirm my new address', url: link },
    note: `The link works once, for ${formatDuration(lifetime)}. If you didn't ask for this, you can ignore this email, and nothing will change.`,
  }
}
