import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PromotionLost } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function promotionLost(lost: PromotionLost, site: MailSite): Letter {
  const { username, planName, code, startsAt } = lost
  const { texts } = site
  const words = texts.promotionLost
  return {
    subject: words.subject(code),
    greeting: texts.greeting(username),
    paragraphs: [words.what(code, planName, formatDay(texts, startsAt)), words.next],
    action: subscriptionLink(site, lost),
  }
}
