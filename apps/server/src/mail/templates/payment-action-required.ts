import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentActionRequired(waiting: InvoiceProps, site: MailSite): Letter {
  const { username, planName, amountCents, currency, invoiceUrl } = waiting
  const { texts } = site
  const words = texts.paymentActionRequired
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      words.what(formatMoney(amountCents, currency, texts.moneyLocale), planName),
      whatIsAtStake(texts, waiting),
    ],
    action: invoiceUrl ? { label: words.action, url: invoiceUrl } : subscriptionLink(site, waiting),
  }
}
