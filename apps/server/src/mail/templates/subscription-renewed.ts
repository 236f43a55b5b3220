import { formatMoney } from '../../platform/money.ts'
import { formatDay } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function subscriptionRenewed(renewed: InvoiceProps, site: MailSite): Letter {
  const { username, planName, amountCents, currency, periodEnd, invoiceUrl } = renewed
  const { texts } = site
  const { payment, subscriptionRenewed: words } = texts
  const end = endOfLastPeriod(renewed)
  const runs = end ? words.ends(planName, formatDay(texts, end)) : words.runs(planName, formatDay(texts, periodEnd))
  const paid =
    amountCents > 0 ? payment.received(formatMoney(amountCents, currency, texts.moneyLocale)) : payment.byCredit
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [`${runs} ${paid}`],
    action: subscriptionLink(site, renewed),
    ...(invoiceUrl && { more: { label: texts.pages.invoice, url: invoiceUrl } }),
  }
}
