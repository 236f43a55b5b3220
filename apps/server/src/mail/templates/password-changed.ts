import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PasswordChange } from '../mail.queues.ts'

export function passwordChanged({ username, at, by }: PasswordChange, { webUrl, texts }: MailSite): Letter {
  const words = texts.passwordChanged
  return {
    subject: words.subject,
    greeting: texts.greeting(username),
    paragraphs: [words.what, words.advice],
    details: requestDetails(texts, at, by),
    action: { label: texts.pages.newPassword, url: `${webUrl}/forgot-password` },
  }
}
