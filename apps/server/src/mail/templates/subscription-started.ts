import { formatMoney } from '../../platform/money.ts'
import { formatDay, formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'

export function subscriptionStarted(started: InvoiceProps, { webUrl }: MailPages): Letter {
  const { username, planName, amountCents, invoiceUrl } = started
  return {
    subject: `Your ${planName} subscription has started`,
    greeting: `Hello ${username},`,
    paragraphs: [`Thank you! Your ${planName} subscription is active.`, termsOf(started)],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
    ...(invoiceUrl && amountCents > 0 && { more: { label: 'See the invoice', url: invoiceUrl } }),
  }
}

function termsOf({ amountCents, priceCents, currency, billingPeriod, periodEnd, isTrial }: InvoiceProps): string {
  if (priceCents === 0) return 'It is free: nothing will be charged.'
  const price = `${formatMoney(priceCents, currency)} ${billingPeriod === 'monthly' ? 'a month' : 'a year'}`
  if (isTrial) {
    return `Your trial runs until ${formatMinute(periodEnd)}. Nothing is charged before that; the first payment is taken then, and it costs ${price} from there on. If you do not want to go on, cancel before the trial ends.`
  }
  const paid = amountCents > 0 ? `We received ${formatMoney(amountCents, currency)}.` : 'Your credit has paid for it.'
  return `${paid} It costs ${price} and renews on ${formatDay(periodEnd)}.`
}
