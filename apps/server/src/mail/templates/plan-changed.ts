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
    subject: `You are on ${planName} now`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your subscription has been changed to ${planName}, ${price}.`,
      ...(amountCents > 0
        ? [
            isTrial
              ? `Your trial goes on; the first payment is taken on ${formatDay(periodEnd)}.`
              : `It renews on ${formatDay(periodEnd)}.`,
          ]
        : []),
      ...(isTrial ? [] : ['What was left of what you had paid for your old plan has been taken into account.']),
    ],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
  }
}
