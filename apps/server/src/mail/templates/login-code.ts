import { formatDuration, requestSentence } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { CodeRequest } from '../mail.queues.ts'

export function loginCode(request: CodeRequest, { text: code, lifetime }: MailSecret): Letter {
  const { username, dropsPassword } = request
  return {
    subject: `${code} is your login code`,
    title: 'Your login code',
    greeting: `Hello ${username},`,
    paragraphs: [
      ...(dropsPassword
        ? [
            'Logging in with this code verifies your email address. It also removes the password and ends all sessions, because they were created before the address was verified.',
          ]
        : []),
      'To log in, enter this code where you asked for it:',
    ],
    code,
    note: `The code works once, for ${formatDuration(lifetime)}. Don't share it: we'll never ask you for it.${requestSentence(request)} If you didn't ask for it, you can ignore this email.`,
  }
}
