import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { AddedCard } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function cardAdded(added: AddedCard, site: MailSite): Letter {
  const { username, planName, amountCents, currency, last4 } = added
  const { texts } = site
  const words = texts.cardAdded
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      last4 === null ? words.what(planName) : words.whatCard(planName, last4),
      words.check(formatMoney(amountCents, currency, texts.moneyLocale)),
      words.notYou,
    ],
    action: subscriptionLink(site, added),
  }
}
