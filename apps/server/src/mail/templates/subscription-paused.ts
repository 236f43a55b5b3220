import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { PauseProps } from '../mail.queues.ts'
import { subscriptionPage } from './billing-pages.ts'

export function subscriptionPaused(pause: PauseProps, pages: MailPages): Letter {
  const { username, planName, from, until, isPaused } = pause
  const when = until ? ` until ${formatMinute(until)}. Then it continues, and you are charged again.` : '.'
  return {
    subject: isPaused ? `Your ${planName} subscription is paused` : `Your ${planName} subscription will be paused`,
    greeting: `Hello ${username},`,
    paragraphs: isPaused
      ? [`Your ${planName} subscription is paused. You aren't charged and have no access${when}`]
      : [
          `Your ${planName} subscription will be paused on ${formatMinute(from)}. Until then, you keep everything it includes.`,
          `While it is paused, you aren't charged and have no access${when}`,
        ],
    action: { label: 'View my subscription', url: subscriptionPage(pages, pause) },
  }
}
