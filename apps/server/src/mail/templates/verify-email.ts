import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export function verifyEmail({ username }: { username: string }, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Please verify your e-mail address',
    greeting: `Hello ${username},`,
    paragraphs: ['Welcome! One click and your account is ready: please confirm that this address is yours.'],
    action: { label: 'Verify my address', url: link },
    note: `The link works for ${formatDuration(lifetime)}. If you did not sign up, ignore this mail, and nothing will happen.`,
  }
}
