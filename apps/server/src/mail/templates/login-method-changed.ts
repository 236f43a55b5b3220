import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { LoginMethodChange } from '../mail.queues.ts'

export function loginMethodChanged(change: LoginMethodChange, { webUrl, texts }: MailSite): Letter {
  const { username, provider, linked, at, by } = change
  const name = texts.providers[provider]
  const words = linked ? texts.loginMethodLinked : texts.loginMethodUnlinked
  return {
    subject: words.subject(name),
    greeting: texts.greeting(username),
    paragraphs: [words.what(name), words.advice],
    details: requestDetails(texts, at, by),
    action: linked
      ? { label: texts.loginMethodLinked.action, url: `${webUrl}/profile` }
      : { label: texts.pages.newPassword, url: `${webUrl}/forgot-password` },
  }
}
