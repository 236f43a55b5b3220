import { formatDay, formatMoney } from '../format.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'
import type { Letter } from '../render.ts'

export function planChanged(
  { username, planName, amountCents, currency, billingPeriod, periodEnd }: PlanProps,
  { webUrl }: MailPages,
): Letter {
  const every = billingPeriod === 'monthly' ? 'month' : 'year'
  return {
    subject: `You are on ${planName} now`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your subscription has been changed to ${planName}, for ${formatMoney(amountCents, currency)} a ${every}.`,
      `It renews next on ${formatDay(periodEnd)}. What you had paid for the time left on your old plan has been taken into account.`,
    ],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
  }
}
