import { formatDuration, requestSentence } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { ResetRequest } from '../mail.queues.ts'

export function resetPassword(request: ResetRequest, { text: link, lifetime }: MailSecret): Letter {
  return {
    subject: 'Set a new password',
    greeting: `Hello ${request.username},`,
    paragraphs: ['You, or someone who entered your email address, asked for a new password. Set one here:'],
    action: { label: 'Set a new password', url: link },
    note: `The link works once, for ${formatDuration(lifetime)}.${requestSentence(request)} If you didn't ask for it, you can ignore this email. Your password will stay the same.`,
  }
}
