import { formatMoney } from '../../platform/money.ts'
import { formatPrice } from '../format-price.ts'
import { formatDay } from '../format.ts'
import { endOfLastPeriod } from '../last-period.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanChange } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function planChanged(change: PlanChange, pages: MailPages): Letter {
  const { username, planName, amountCents, invoice } = change
  const price =
    amountCents > 0 ? `which costs ${formatPrice({ ...change, cents: amountCents })}` : 'which costs nothing'
  return {
    subject: `You're now on ${planName}`,
    greeting: `Hello ${username},`,
    paragraphs: [`Your subscription was changed to ${planName}, ${price}.`, ...paymentOf(change), ...renewalOf(change)],
    action: { label: 'View my subscription', url: subscriptionPage(pages, change) },
    ...(invoice?.url && { more: { label: 'See the invoice', url: invoice.url } }),
  }
}

/** What the change itself cost. */
function paymentOf({ isTrial, invoice, currency }: PlanChange): string[] {
  if (isTrial) return []
  const amount = invoice && invoice.amountCents > 0 ? formatMoney(invoice.amountCents, currency) : null
  const paid = invoice?.isPaid
    ? `We received your payment of ${amount} for the change.`
    : `The change costs ${amount} now.`
  return [...(amount ? [paid] : []), 'We credited any unused time that you had paid for on your old plan.']
}

function renewalOf(change: PlanChange): string[] {
  const { amountCents, isTrial, periodEnd } = change
  if (amountCents === 0) return []
  const end = endOfLastPeriod(change)
  if (end) return [`It ends on ${formatDay(end)}.`]
  return isTrial
    ? [`Your trial continues. We'll take your first payment on ${formatDay(periodEnd)}.`]
    : [`It renews on ${formatDay(periodEnd)}.`]
}
