import { formatPrice } from '../format-price.ts'
import { formatDay, formatMinute } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import type { MailTexts } from '../texts/en.ts'
import { subscriptionLink } from './billing-pages.ts'
import { howItWasPaid } from './how-it-was-paid.ts'

export function subscriptionStarted(started: InvoiceProps, site: MailSite): Letter {
  const { username, planName, amountCents, invoiceUrl } = started
  const { texts } = site
  const words = texts.subscriptionStarted
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [words.thanks(planName), termsOf(texts, started)],
    action: subscriptionLink(site, started),
    ...(invoiceUrl && amountCents > 0 && { more: { label: texts.pages.invoice, url: invoiceUrl } }),
  }
}

function termsOf(texts: MailTexts, started: InvoiceProps): string {
  const { priceCents, periodEnd, isTrial, discountEndsAt } = started
  const words = texts.subscriptionStarted
  if (priceCents === 0 && !discountEndsAt) return words.free
  const price = formatPrice(texts, { ...started, cents: priceCents })
  const end = endOfLastPeriod(started)
  if (isTrial && end) return words.trialEnds(formatMinute(texts, end))
  if (isTrial) return words.trialRuns(formatMinute(texts, periodEnd), price)
  const next = end ? words.ends(price, formatDay(texts, end)) : words.renews(price, formatDay(texts, periodEnd))
  return `${howItWasPaid(texts, started)} ${next}`
}
