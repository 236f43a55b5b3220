import { formatDay } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'
import { howItWasPaid } from './how-it-was-paid.ts'

export function subscriptionRenewed(renewed: InvoiceProps, site: MailSite): Letter {
  const { username, planName, periodEnd, invoiceUrl } = renewed
  const { texts } = site
  const words = texts.subscriptionRenewed
  const end = endOfLastPeriod(renewed)
  const runs = end ? words.ends(planName, formatDay(texts, end)) : words.runs(planName, formatDay(texts, periodEnd))
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [`${runs} ${howItWasPaid(texts, renewed)}`],
    action: subscriptionLink(site, renewed),
    ...(invoiceUrl && { more: { label: texts.pages.invoice, url: invoiceUrl } }),
  }
}
