import { formatMoney } from '../../platform/money.ts'
import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PaymentRefunded, RefundFailed } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function paymentRefunded(refund: PaymentRefunded, site: MailSite): Letter {
  const words = site.texts.paymentRefunded
  const { amount, of } = namesOf(refund, site)
  return {
    subject: words.subject(amount),
    paragraphs: [refund.isFull ? words.inFull(amount, of) : words.inPart(amount, of), words.arrives, words.keeps],
    ...frameOf(refund, site),
  }
}

/** Corrects the email above. */
export function refundFailed(refund: RefundFailed, site: MailSite): Letter {
  const words = site.texts.refundFailed
  const { amount, of } = namesOf(refund, site)
  return {
    subject: words.subject(amount),
    paragraphs: [words.what(amount, of), words.next],
    ...frameOf(refund, site),
  }
}

function namesOf({ planName, amountCents, currency }: RefundFailed, { texts }: MailSite) {
  const { payment, paymentFor } = texts.paymentRefunded
  return {
    amount: formatMoney(amountCents, currency, texts.moneyLocale),
    of: planName === null ? payment : paymentFor(planName),
  }
}

function frameOf(refund: RefundFailed, site: MailSite): Pick<Letter, 'greeting' | 'details' | 'action' | 'more'> {
  const { texts } = site
  const { username, paidAt, invoiceNumber, invoiceUrl } = refund
  const words = texts.paymentRefunded
  return {
    greeting: texts.greeting(username),
    details: [
      ...(invoiceNumber === null ? [] : [{ name: words.invoice, value: invoiceNumber }]),
      { name: words.paidOn, value: formatDay(texts, paidAt) },
    ],
    action: subscriptionLink(site, refund),
    ...(invoiceUrl && { more: { label: texts.pages.invoice, url: invoiceUrl } }),
  }
}
