import type { RouterOutputs } from '@tollgate/client'
import { formatDay } from './dates.ts'
import { formatPrice } from './money.ts'

export type Subscription = NonNullable<RouterOutputs['billing']['subscriptions']['current']>
export type Tone = 'good' | 'calm' | 'warning' | 'bad'

interface StatusWords {
  /** A word or two. */
  label: string
  tone: Tone
  /** What it means for the subscriber. */
  meaning: (subscription: Subscription) => string
}

const until = ({ accessUntil, currentPeriodEnd }: Subscription) => formatDay(accessUntil ?? currentPeriodEnd)

const STATUSES: Record<Subscription['accessReason'], StatusWords> = {
  active: {
    label: 'Active',
    tone: 'good',
    meaning: (it) =>
      it.provider === 'manual'
        ? `You have access until ${until(it)}.`
        : `You have access. It renews on ${formatDay(it.currentPeriodEnd)}.`,
  },
  trialing: {
    label: 'Free trial',
    tone: 'good',
    meaning: (it) =>
      `You have access. Your trial ends on ${formatDay(it.currentPeriodEnd)}; then it is ${formatPrice(it)}.`,
  },
  ending: {
    label: 'Ends soon',
    tone: 'calm',
    meaning: (it) => `It is canceled. You keep access until ${until(it)}, and nothing more is charged.`,
  },
  past_due_grace: {
    label: 'Payment failed',
    tone: 'warning',
    meaning: (it) => `The last payment did not go through. We try again; you keep access until ${until(it)}.`,
  },
  pending: {
    label: 'Waiting for payment',
    tone: 'calm',
    meaning: () => 'You get access as soon as the first payment has gone through.',
  },
  past_due: {
    label: 'Payment overdue',
    tone: 'bad',
    meaning: () => 'The last payment did not go through, so you have no access until it does.',
  },
  unpaid: {
    label: 'Unpaid',
    tone: 'bad',
    meaning: () => 'The last payments did not go through, so you have no access until they are made.',
  },
  paused: {
    label: 'Paused',
    tone: 'calm',
    meaning: () => 'Nothing is charged while it is paused, and you have no access.',
  },
  ended: {
    label: 'Ended',
    tone: 'calm',
    meaning: (it) => (it.endedAt ? `It ended on ${formatDay(it.endedAt)}.` : 'It has ended.'),
  },
}

/** How a subscription stands, in plain words. */
export function describeStatus(subscription: Subscription): { label: string; tone: Tone; meaning: string } {
  const { label, tone, meaning } = STATUSES[subscription.accessReason]
  return { label, tone, meaning: meaning(subscription) }
}
