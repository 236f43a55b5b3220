import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentActionRequired(waiting: InvoiceProps, pages: MailPages): Letter {
  const { username, planName, amountCents, currency, invoiceUrl } = waiting
  return {
    subject: `Please confirm your payment for ${planName}`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your bank needs you to confirm the payment of ${formatMoney(amountCents, currency)} for your ${planName} subscription. It won't go through until you do.`,
      whatIsAtStake(waiting),
    ],
    action: invoiceUrl
      ? { label: 'Confirm the payment', url: invoiceUrl }
      : { label: 'View my subscription', url: subscriptionPage(pages, waiting) },
  }
}
