import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionLink, subscriptionPage } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentFailed(failed: InvoiceProps, site: MailSite): Letter {
  const { username, planName, amountCents, currency, invoiceUrl } = failed
  const { texts } = site
  const words = texts.paymentFailed
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      words.what(formatMoney(amountCents, currency, texts.moneyLocale), planName),
      whatIsAtStake(texts, failed),
      invoiceUrl ? words.advice : words.adviceWithoutPage,
    ],
    action: invoiceUrl ? { label: words.action, url: invoiceUrl } : subscriptionLink(site, failed),
    ...(invoiceUrl && { more: { label: words.more, url: subscriptionPage(site, failed) } }),
  }
}
