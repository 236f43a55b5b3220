import { formatMoney } from '../../platform/money.ts'
import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PaymentRefunded } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function paymentRefunded(refund: PaymentRefunded, site: MailSite): Letter {
  const { username, planName, amountCents, currency, isFull, paidAt, invoiceNumber, invoiceUrl } = refund
  const { texts } = site
  const words = texts.paymentRefunded
  const amount = formatMoney(amountCents, currency, texts.moneyLocale)
  const of = planName === null ? words.payment : words.paymentFor(planName)
  return {
    subject: words.subject(amount),
    greeting: texts.greeting(username),
    paragraphs: [isFull ? words.inFull(amount, of) : words.inPart(amount, of), words.arrives, words.keeps],
    details: [
      ...(invoiceNumber === null ? [] : [{ name: words.invoice, value: invoiceNumber }]),
      { name: words.paidOn, value: formatDay(texts, paidAt) },
    ],
    action: subscriptionLink(site, refund),
    ...(invoiceUrl && { more: { label: texts.pages.invoice, url: invoiceUrl } }),
  }
}
