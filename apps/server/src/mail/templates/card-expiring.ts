import { formatMoney } from '../../platform/money.ts'
import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { CardExpiring } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function cardExpiring(expiring: CardExpiring, site: MailSite): Letter {
  const { username, planName, amountCents, currency, last4, expires, periodEnd } = expiring
  const { texts } = site
  const words = texts.cardExpiring
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      last4 === null ? words.what(planName, expires) : words.whatCard(planName, last4, expires),
      words.next(formatMoney(amountCents, currency, texts.moneyLocale), formatDay(texts, periodEnd)),
    ],
    action: { label: words.action, url: subscriptionPage(site, expiring) },
  }
}
