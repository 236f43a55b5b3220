import { formatMoney } from '../../platform/money.ts'
import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { PaymentReminder } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentReminder(reminder: PaymentReminder, site: MailSite, link: MailSecret): Letter {
  const { username, planName, amountCents, currency, action, isFinal, retriesAt } = reminder
  const { texts } = site
  const words = texts.paymentReminder
  const amount = formatMoney(amountCents, currency, texts.moneyLocale)
  return {
    subject: isFinal ? words.subjectFinal(planName) : words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      action === 'authenticate' ? words.confirm(amount, planName) : words.open(amount, planName),
      whatIsAtStake(texts, reminder),
      isFinal ? words.given : retriesAt ? words.retry(formatMinute(texts, retriesAt)) : words.pay,
    ],
    action: { label: words.action[action], url: link.text },
    more: { label: words.more, url: subscriptionPage(site, reminder) },
    note: words.note,
  }
}
