import { formatDuration } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'

export function confirmEmail(
  { username }: { username: string },
  { texts }: MailSite,
  { text: link, lifetime }: MailSecret,
): Letter {
  const words = texts.confirmEmail
  return {
    subject: words.subject,
    greeting: texts.greeting(username),
    paragraphs: [words.request],
    action: { label: words.action, url: link },
    note: words.note(formatDuration(texts, lifetime)),
  }
}
