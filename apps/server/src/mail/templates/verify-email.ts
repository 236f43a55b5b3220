import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export function verifyEmail({ username }: { username: string }, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Please verify your email address',
    greeting: `Hello ${username},`,
    paragraphs: ['Welcome! Confirm that this email address is yours, and your account is ready.'],
    action: { label: 'Verify my address', url: link },
    note: `The link works for ${formatDuration(lifetime)}. If you didn't sign up, you can ignore this email.`,
  }
}
