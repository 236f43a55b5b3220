import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PlanProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function subscriptionWillCancel(ending: PlanProps, pages: MailPages): Letter {
  const { username, planName, periodEnd, endsAt, isPaused } = ending
  const end = formatMinute(endsAt ?? periodEnd)
  const keeps = 'you keep everything it includes'
  const next =
    endsAt !== null && endsAt > periodEnd
      ? `ends on ${end}. Until then, it renews as usual, and ${keeps}.`
      : `ends on ${end} and won't renew. Until then, ${keeps}.`
  const whatHappens = isPaused ? `ends on ${end}.` : next
  return {
    subject: `Your ${planName} subscription will end`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your ${planName} subscription ${whatHappens}`,
      'Changed your mind? You can undo the cancellation until it ends.',
    ],
    action: { label: 'View my subscription', url: subscriptionPage(pages, ending) },
  }
}
