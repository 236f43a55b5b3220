import { formatMoney } from '../../platform/money.ts'
import { formatDay } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function subscriptionRenewed(renewed: InvoiceProps, pages: MailPages): Letter {
  const { username, planName, amountCents, currency, periodEnd, invoiceUrl } = renewed
  const end = endOfLastPeriod(renewed)
  const runs = end ? `ends on ${formatDay(end)}` : `now runs until ${formatDay(periodEnd)}`
  const paid =
    amountCents > 0
      ? `We received your payment of ${formatMoney(amountCents, currency)}.`
      : 'Paid with your account credit.'
  return {
    subject: `Your ${planName} subscription has been renewed`,
    greeting: `Hello ${username},`,
    paragraphs: [`Your ${planName} subscription ${runs}. ${paid}`],
    action: { label: 'View my subscription', url: subscriptionPage(pages, renewed) },
    ...(invoiceUrl && { more: { label: 'See the invoice', url: invoiceUrl } }),
  }
}
