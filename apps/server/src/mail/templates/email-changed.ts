import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { EmailChange } from '../mail.queues.ts'

export function emailChanged({ username, newEmail, at, by }: EmailChange, { webUrl, brand, texts }: MailSite): Letter {
  const words = texts.emailChanged
  return {
    subject: words.subject,
    greeting: texts.greeting(username),
    paragraphs: [words.what(newEmail), words.advice(brand.supportEmail ?? words.operators(webUrl))],
    details: requestDetails(texts, at, by),
  }
}
