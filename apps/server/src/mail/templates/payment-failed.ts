import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'
import { whatIsAtStake } from './what-is-at-stake.ts'

export function paymentFailed(failed: InvoiceProps, pages: MailPages): Letter {
  const { username, planName, amountCents, currency, invoiceUrl } = failed
  return {
    subject: `Your payment for ${planName} didn't go through`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `We couldn't charge ${formatMoney(amountCents, currency)} for your ${planName} subscription.`,
      whatIsAtStake(failed),
      "Please pay the invoice with another card, or update the card on file. We'll also try again over the next few days.",
    ],
    action: invoiceUrl
      ? { label: 'Pay the invoice', url: invoiceUrl }
      : { label: 'View my subscription', url: subscriptionPage(pages, failed) },
    ...(invoiceUrl && { more: { label: 'Use another card', url: subscriptionPage(pages, failed) } }),
  }
}
