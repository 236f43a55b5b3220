import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { SubscriptionEnded } from '../mail.queues.ts'
import { plansPage } from './billing-pages.ts'

export function subscriptionCanceled(ended: SubscriptionEnded, pages: MailPages): Letter {
  const { username, planName, endedAt } = ended
  return {
    subject: `Your ${planName} subscription has ended`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `Your ${planName} subscription ended on ${formatDay(endedAt)}. You won't be charged again.`,
      'You still have your account, and you can come back at any time.',
    ],
    action: { label: 'See the plans', url: plansPage(pages, ended) },
  }
}
