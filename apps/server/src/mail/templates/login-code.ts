import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'

export interface LoginCode {
  username: string
  /** Whether the address was never verified: then the log-in drops a password that somebody else may have set. */
  dropsPassword: boolean
}

export function loginCode({ username, dropsPassword }: LoginCode, { text: code, lifetime }: MailSecret): Letter {
  return {
    subject: 'Your log-in code',
    greeting: `Hello ${username},`,
    paragraphs: [
      ...(dropsPassword
        ? [
            'Your address was not verified until now. Logging in with this code verifies it, and removes the password and ends the sessions that the account has so far, since whoever set them had not shown that the address is theirs.',
          ]
        : []),
      'Enter this code where you asked for it:',
    ],
    code,
    note: `The code works once, for ${formatDuration(lifetime)}. Give it to nobody: we will never ask you for it. If you did not ask for it, ignore this mail.`,
  }
}
