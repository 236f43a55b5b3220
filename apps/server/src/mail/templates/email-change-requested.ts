import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { EmailChange } from '../mail.queues.ts'

export function emailChangeRequested({ username, newEmail, at, by }: EmailChange, { webUrl, texts }: MailSite): Letter {
  const words = texts.emailChangeRequested
  return {
    subject: words.subject,
    greeting: texts.greeting(username),
    paragraphs: [words.what(newEmail), words.advice],
    details: requestDetails(texts, at, by),
    action: { label: words.action, url: `${webUrl}/password` },
  }
}
