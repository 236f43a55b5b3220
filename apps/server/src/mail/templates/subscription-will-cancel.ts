import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'

export function subscriptionWillCancel({ username, planName, periodEnd }: PlanProps, { webUrl }: MailPages): Letter {
  return {
    subject: `Your ${planName} subscription will end`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your ${planName} subscription ends on ${formatMinute(periodEnd)} and won't renew. Until then, you keep everything it includes.`,
      'Changed your mind? You can undo the cancellation until it ends.',
    ],
    action: { label: 'View my subscription', url: `${webUrl}/subscription` },
  }
}
