import { formatDay, formatMoney } from '../format.ts'
import type { Letter } from '../render.ts'
import type { MailPages } from './write-letter.ts'

export interface SubscriptionStarted {
  username: string
  planName: string
  amountCents: number
  currency: string
  billingPeriod: 'monthly' | 'yearly'
  periodEnd: string
  invoiceUrl: string | null
}

export function subscriptionStarted(started: SubscriptionStarted, { webUrl }: MailPages): Letter {
  const every = started.billingPeriod === 'monthly' ? 'month' : 'year'
  return {
    subject: `Your ${started.planName} subscription has started`,
    greeting: `Hello ${started.username},`,
    paragraphs: [
      `Thank you! Your ${started.planName} subscription is active.`,
      `We received ${formatMoney(started.amountCents, started.currency)}. It renews every ${every}, next on ${formatDay(started.periodEnd)}.`,
      ...(started.invoiceUrl ? [`Your invoice: ${started.invoiceUrl}`] : []),
    ],
    action: { label: 'My subscription', url: `${webUrl}/subscription` },
  }
}
