import { formatDuration, requestSentence } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { ResetRequest } from '../mail.queues.ts'

export function resetPassword(
  request: ResetRequest,
  { texts }: MailSite,
  { text: link, lifetime }: MailSecret,
): Letter {
  const words = texts.resetPassword
  return {
    subject: words.subject,
    greeting: texts.greeting(request.username),
    paragraphs: [words.request],
    action: { label: texts.pages.newPassword, url: link },
    note: [words.works(formatDuration(texts, lifetime)), ...requestSentence(texts, request), words.ignore].join(' '),
  }
}
