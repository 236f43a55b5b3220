import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export function confirmEmail({ username }: { username: string }, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Please confirm your new e-mail address',
    greeting: `Hello ${username},`,
    paragraphs: ['You asked to use this address for your account from now on. Log in and confirm it here:'],
    action: { label: 'Confirm my new address', url: link },
    note: `The link works once, for ${formatDuration(lifetime)}. If you did not ask for this, do not click: nothing will happen.`,
  }
}
