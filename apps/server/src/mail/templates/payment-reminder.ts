import { formatMoney } from '../../platform/money.ts'
import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { PaymentReminder } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentReminder(reminder: PaymentReminder, site: MailSite, link: MailSecret): Letter {
  const { username, planName, amountCents, currency, action, isFinal } = reminder
  const { texts } = site
  const words = texts.paymentReminder
  const amount = formatMoney(amountCents, currency, texts.moneyLocale)
  return {
    subject: isFinal ? words.subjectFinal(planName) : words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      action === 'authenticate' ? words.confirm(amount, planName) : words.open(amount, planName),
      whatIsAtStake(texts, reminder),
      isFinal ? words.given : whatFollows(reminder, site),
    ],
    action: { label: words.action[action], url: link.text },
    more: { label: words.more, url: subscriptionPage(site, reminder) },
    note: words.note,
  }
}

function whatFollows({ action, retriesAt }: PaymentReminder, { texts }: MailSite): string {
  const words = texts.paymentReminder
  if (!retriesAt) return words.pay
  const time = formatMinute(texts, retriesAt)
  return action === 'update_card' ? words.retryWithCard(time) : words.retry(time)
}
