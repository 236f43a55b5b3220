import { formatMoney } from '../../platform/money.ts'
import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'

export function planChanged(
  { username, planName, amountCents, currency, billingPeriod, periodEnd, isTrial }: PlanProps,
  { webUrl }: MailPages,
): Letter {
  const every = billingPeriod === 'monthly' ? 'month' : 'year'
  const price = amountCents > 0 ? `which costs ${formatMoney(amountCents, currency)} a ${every}` : 'which costs nothing'
  return {
    subject: `You're now on ${planName}`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your subscription was changed to ${planName}, ${price}.`,
      ...(amountCents > 0
        ? [
            isTrial
              ? `Your trial continues. We'll take your first payment on ${formatDay(periodEnd)}.`
              : `It renews on ${formatDay(periodEnd)}.`,
          ]
        : []),
      ...(isTrial ? [] : ['We credited any unused time that you had paid for on your old plan.']),
    ],
    action: { label: 'View my subscription', url: `${webUrl}/subscription` },
  }
}
