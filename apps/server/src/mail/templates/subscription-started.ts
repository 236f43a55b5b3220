import { formatDay, formatMoney } from '../format.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import type { Letter } from '../render.ts'

export function subscriptionStarted(started: InvoiceProps, { webUrl }: MailPages): Letter {
  const { username, planName, amountCents, currency, billingPeriod, periodEnd, invoiceUrl, isTrial } = started
  const every = billingPeriod === 'monthly' ? 'month' : 'year'
  const terms = isTrial
    ? `Your trial runs until ${formatDay(periodEnd)}; nothing is charged before that day.`
    : `We received ${formatMoney(amountCents, currency)}. It renews every ${every}, next on ${formatDay(periodEnd)}.`
  return {
    subject: `Your ${planName} subscription has started`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Thank you! Your ${planName} subscription is active.`,
      terms,
      ...(invoiceUrl && !isTrial ? [`Your invoice: ${invoiceUrl}`] : []),
    ],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
  }
}
