import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export function resetPassword({ username }: { username: string }, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Set a new password',
    greeting: `Hello ${username},`,
    paragraphs: ['You, or somebody who entered your address, asked for a new password. Here you can set one:'],
    action: { label: 'Set a new password', url: link },
    note: `The link works once, for ${formatDuration(lifetime)}. If you did not ask for it, ignore this mail: your password stays as it is.`,
  }
}
