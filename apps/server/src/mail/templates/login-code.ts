import { formatDuration, requestSentence } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { CodeRequest } from '../mail.queues.ts'

export function loginCode(request: CodeRequest, { texts }: MailSite, { text: code, lifetime }: MailSecret): Letter {
  const words = texts.loginCode
  return {
    subject: words.subject(code),
    title: words.title,
    greeting: texts.greeting(request.username),
    paragraphs: [...(request.dropsPassword ? [words.dropsPassword] : []), words.enter],
    code,
    note: [words.works(formatDuration(texts, lifetime)), ...requestSentence(texts, request), words.ignore].join(' '),
  }
}
