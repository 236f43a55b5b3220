import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'

export function subscriptionWillCancel({ username, planName, periodEnd }: PlanProps, { webUrl }: MailPages): Letter {
  return {
    subject: `Your ${planName} subscription will end`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your ${planName} subscription ends on ${formatMinute(periodEnd)} and will not be renewed. Until then you keep everything it gives.`,
      'Changed your mind? Until then you can take the cancellation back.',
    ],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
  }
}
