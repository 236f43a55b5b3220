import { formatMoney } from '../../platform/money.ts'
import { formatPrice } from '../format-price.ts'
import { formatDay } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PlanChange } from '../mail.queues.ts'
import type { MailTexts } from '../texts/en.ts'
import { subscriptionLink } from './billing-pages.ts'

export function planChanged(change: PlanChange, site: MailSite): Letter {
  const { username, planName, amountCents, invoice } = change
  const { texts } = site
  const words = texts.planChanged
  const isFree = isWithoutPrice(change)
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      isFree
        ? words.costsNothing(planName)
        : words.costs(planName, formatPrice(texts, { ...change, cents: amountCents })),
      ...paymentOf(texts, change),
      ...renewalOf(texts, change),
    ],
    action: subscriptionLink(site, change),
    ...(invoice?.url && { more: { label: texts.pages.invoice, url: invoice.url } }),
  }
}

/** Whether it stays free: a discount of the whole price may end. */
function isWithoutPrice({ amountCents, discountEndsAt }: PlanChange): boolean {
  return amountCents === 0 && !discountEndsAt
}

/** What the change itself cost. */
function paymentOf(
  { planChanged: words, moneyLocale }: MailTexts,
  { isTrial, invoice, currency }: PlanChange,
): string[] {
  if (isTrial) return []
  if (!invoice || invoice.amountCents <= 0) return [words.credit]
  const amount = formatMoney(invoice.amountCents, currency, moneyLocale)
  return [invoice.isPaid ? words.paid(amount) : words.due(amount), words.credit]
}

function renewalOf(texts: MailTexts, change: PlanChange): string[] {
  const { isTrial, periodEnd } = change
  const words = texts.planChanged
  if (isWithoutPrice(change)) return []
  const end = endOfLastPeriod(change)
  if (end) return [words.ends(formatDay(texts, end))]
  const next = formatDay(texts, periodEnd)
  return [isTrial ? words.trial(next) : words.renews(next)]
}
