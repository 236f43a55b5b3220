import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { SubscriptionEnded } from '../mail.queues.ts'
import { plansPage } from './billing-pages.ts'

export function subscriptionCanceled(ended: SubscriptionEnded, site: MailSite): Letter {
  const { username, planName, endedAt, isUnpaid } = ended
  const { texts } = site
  const words = texts.subscriptionCanceled
  const what = isUnpaid ? words.whatUnpaid : words.what
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [what(planName, formatDay(texts, endedAt)), words.comeBack],
    action: { label: words.action, url: plansPage(site, ended) },
  }
}
