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
      `Your ${planName} trial ends on ${formatMinute(periodEnd)}. We'll charge you ${formatMoney(amountCents, currency)} a ${every} from then on.`,
      "If you don't want to continue, cancel before then, and you won't be charged.",
    ],
    action: { label: 'View my subscription', url: `${webUrl}/subscription` },
  }
}
