import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionLink, subscriptionPage } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentFailed(failed: InvoiceProps, site: MailSite, link: MailSecret): Letter {
  const { username, planName, amountCents, currency, invoiceUrl } = failed
  const { texts } = site
  const words = texts.paymentFailed
  // Without a page of the provider's, ours leads to the one for another card.
  const url = invoiceUrl ?? (failed.payLinkFor && link.text ? link.text : null)
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      words.what(formatMoney(amountCents, currency, texts.moneyLocale), planName),
      whatIsAtStake(texts, failed),
      invoiceUrl ? words.advice : words.adviceWithoutPage,
    ],
    action: url ? { label: invoiceUrl ? words.action : words.more, url } : subscriptionLink(site, failed),
    ...(invoiceUrl && { more: { label: words.more, url: subscriptionPage(site, failed) } }),
  }
}
