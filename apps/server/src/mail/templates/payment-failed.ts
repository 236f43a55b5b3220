import { formatMoney } from '../../platform/money.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { InvoiceProps } from '../mail.queues.ts'

export function paymentFailed(
  { username, planName, amountCents, currency, invoiceUrl }: InvoiceProps,
  { webUrl }: MailPages,
): Letter {
  return {
    subject: `Your payment for ${planName} didn't go through`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `We couldn't charge ${formatMoney(amountCents, currency)} for your ${planName} subscription.`,
      "Please pay the invoice with another card, or update the card on file. We'll try again over the next few days. If no payment goes through, your access will end.",
    ],
    action: invoiceUrl
      ? { label: 'Pay the invoice', url: invoiceUrl }
      : { label: 'View my subscription', url: `${webUrl}/subscription` },
    ...(invoiceUrl && { more: { label: 'Use another card', url: `${webUrl}/subscription` } }),
  }
}
