import { describeDevice } from '../device.ts'
import { formatAddress, requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { SessionsEnded } from '../mail.queues.ts'

export function sessionsEnded({ username, at, by, ended }: SessionsEnded, { webUrl, texts }: MailSite): Letter {
  const words = texts.sessionsEnded
  const session = ended && words.session(describeDevice(ended.userAgent), formatAddress(texts, ended.ip))
  return {
    subject: words.subject,
    greeting: texts.greeting(username),
    paragraphs: [words.what, words.advice],
    details: [...requestDetails(texts, at, by), ...(session ? [{ name: words.ended, value: session }] : [])],
    action: { label: words.action, url: `${webUrl}/login` },
  }
}
