import { formatPrice } from '../format-price.ts'
import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function trialEnding(trial: PlanProps, pages: MailPages): Letter {
  const { username, planName, amountCents, periodEnd, ...price } = trial
  return {
    subject: `Your ${planName} trial ends soon`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your ${planName} trial ends on ${formatMinute(periodEnd)}. We'll charge you ${formatPrice({ ...price, cents: amountCents })} from then on.`,
      "If you don't want to continue, cancel before then, and you won't be charged.",
    ],
    action: { label: 'View my subscription', url: subscriptionPage(pages, trial) },
  }
}
