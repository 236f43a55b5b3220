import { formatMoney } from '../../platform/money.ts'
import { formatPrice } from '../format-price.ts'
import { formatDay, formatMinute } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function subscriptionStarted(started: InvoiceProps, pages: MailPages): Letter {
  const { username, planName, amountCents, invoiceUrl } = started
  return {
    subject: `Your ${planName} subscription has started`,
    greeting: `Hello ${username},`,
    paragraphs: [`Thank you! Your ${planName} subscription is active.`, termsOf(started)],
    action: { label: 'View my subscription', url: subscriptionPage(pages, started) },
    ...(invoiceUrl && amountCents > 0 && { more: { label: 'See the invoice', url: invoiceUrl } }),
  }
}

function termsOf(started: InvoiceProps): string {
  const { amountCents, priceCents, currency, periodEnd, isTrial } = started
  if (priceCents === 0) return "It's free: you won't be charged."
  const price = formatPrice({ ...started, cents: priceCents })
  const end = endOfLastPeriod(started)
  if (isTrial && end) return `Your trial ends on ${formatMinute(end)}, and you won't be charged.`
  if (isTrial) {
    return `Your trial runs until ${formatMinute(periodEnd)}. We'll charge you ${price} from then on. If you don't want to continue, cancel before the trial ends, and you won't be charged.`
  }
  const paid =
    amountCents > 0
      ? `We received your payment of ${formatMoney(amountCents, currency)}.`
      : 'Paid with your account credit.'
  const next = end ? `ends on ${formatDay(end)}` : `renews on ${formatDay(periodEnd)}`
  return `${paid} Your subscription costs ${price} and ${next}.`
}
