import { formatMinute, plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { MemberRemoved } from '../mail.queues.ts'

export function memberRemoved({ username, accountName, at }: MemberRemoved, { webUrl, texts }: MailSite): Letter {
  const words = texts.memberRemoved
  const account = plainName(accountName)
  return {
    subject: words.subject(account),
    greeting: texts.greeting(username),
    paragraphs: [words.what(account, formatMinute(texts, at)), words.rest],
    action: { label: words.action, url: webUrl },
  }
}
