import { formatMoney } from '../../platform/money.ts'
import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'

export function trialEnding(
  { username, planName, amountCents, currency, billingPeriod, periodEnd }: PlanProps,
  { webUrl }: MailPages,
): Letter {
  const every = billingPeriod === 'monthly' ? 'month' : 'year'
  return {
    subject: `Your ${planName} trial ends soon`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your ${planName} trial ends on ${formatMinute(periodEnd)}. The first payment is taken then; it costs ${formatMoney(amountCents, currency)} a ${every}.`,
      'If you do not want to go on, cancel before then, and nothing is charged.',
    ],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
  }
}
