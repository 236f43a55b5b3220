import type { RouterOutputs } from '@tollgate/client'
import { formatDay } from './dates.ts'
import { formatPrice } from './price.ts'
import type { Tone } from './tone.ts'

export type Subscription = NonNullable<RouterOutputs['billing']['subscriptions']['current']>

interface StatusWords {
  /** A word or two. */
  label: string
  tone: Tone
  /** What the status means for the user. */
  meaning: (subscription: Subscription) => string
}

const until = ({ accessUntil, currentPeriodEnd }: Subscription) => formatDay(accessUntil ?? currentPeriodEnd)

const STATUSES: Record<Subscription['accessReason'], StatusWords> = {
  active: { label: 'Active', tone: 'good', meaning: (it) => `You have access. ${whatComesNext(it)}` },
  trialing: {
    label: 'Free trial',
    tone: 'good',
    meaning: (it) =>
      it.scheduledChange
        ? `You have access, free of charge. ${whatComesNext(it)}`
        : `You have access. Your trial ends on ${formatDay(it.currentPeriodEnd)}; then it is ${formatPrice(it)}.`,
  },
  ending: {
    label: 'Ends soon',
    tone: 'calm',
    meaning: (it) => `It is canceled. You keep access until ${until(it)}, and nothing more is charged.`,
  },
  past_due_grace: {
    label: 'Payment failed',
    tone: 'warning',
    meaning: (it) =>
      `The last payment did not go through. You keep access until ${until(it)}; pay before then and nothing is lost.${whetherItEnds(it)}`,
  },
  pending: {
    label: 'Waiting for payment',
    tone: 'calm',
    meaning: () => 'You get access as soon as the first payment has gone through.',
  },
  past_due: {
    label: 'Payment overdue',
    tone: 'bad',
    meaning: (it) =>
      `The last payment did not go through, so you have no access. It comes back as soon as you pay.${whetherItEnds(it)}`,
  },
  unpaid: {
    label: 'Unpaid',
    tone: 'bad',
    meaning: (it) =>
      `The last payments did not go through, so you have no access until they are made.${whetherItEnds(it)}`,
  },
  paused: {
    label: 'Paused',
    tone: 'calm',
    meaning: () => 'Nothing is charged while it is paused, and you have no access.',
  },
  ended: {
    label: 'Ended',
    tone: 'calm',
    meaning: (it) => `It ended on ${formatDay(it.endedAt ?? it.currentPeriodEnd)}. You have no access any more.`,
  },
}

function whatComesNext({ provider, scheduledChange, currentPeriodEnd, priceCents }: Subscription): string {
  const end = formatDay(currentPeriodEnd)
  if (provider === 'manual') return `It was given to you until ${end}. You pay nothing, and then it ends by itself.`
  if (scheduledChange) {
    const { plan, at } = scheduledChange
    return `On ${formatDay(at)} it changes to ${plan.name}: ${formatPrice(plan)}.`
  }
  return priceCents === 0 ? 'It is free for as long as you like.' : `It renews on ${end}.`
}

function whetherItEnds({ cancelAtPeriodEnd, currentPeriodEnd }: Subscription): string {
  return cancelAtPeriodEnd ? ` It is canceled, and ends on ${formatDay(currentPeriodEnd)}.` : ''
}

/** Describes the status of a subscription. */
export function describeStatus(subscription: Subscription): { label: string; tone: Tone; meaning: string } {
  const { label, tone, meaning } = STATUSES[subscription.accessReason]
  return { label, tone, meaning: meaning(subscription) }
}
