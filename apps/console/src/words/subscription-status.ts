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
        : `You have access. Your trial ends on ${formatDay(it.currentPeriodEnd)}. After that: ${formatPrice(it)}.`,
  },
  ending: {
    label: 'Ends soon',
    tone: 'calm',
    meaning: (it) => `Your subscription is canceled. You keep access until ${until(it)} and won't be charged again.`,
  },
  past_due_grace: {
    label: 'Payment failed',
    tone: 'warning',
    meaning: (it) =>
      `Your last payment failed. You keep access until ${until(it)}. Pay by then to avoid losing it.${whetherItEnds(it)}`,
  },
  pending: {
    label: 'Waiting for payment',
    tone: 'calm',
    meaning: () => 'You get access as soon as your first payment goes through.',
  },
  past_due: {
    label: 'Payment overdue',
    tone: 'bad',
    meaning: (it) =>
      `Your last payment failed, so you have no access. You get it back as soon as you pay.${whetherItEnds(it)}`,
  },
  unpaid: {
    label: 'Unpaid',
    tone: 'bad',
    meaning: (it) =>
      `Your last payments failed, so you have no access. You get it back once you pay them.${whetherItEnds(it)}`,
  },
  paused: {
    label: 'Paused',
    tone: 'calm',
    meaning: ({ pause }) =>
      `While your subscription is paused, you are not charged and have no access.${pause?.until ? ` It continues on ${formatDay(pause.until)}.` : ''}`,
  },
  ended: {
    label: 'Ended',
    tone: 'calm',
    meaning: (it) =>
      `Your subscription ended on ${formatDay(it.endedAt ?? it.currentPeriodEnd)}. You no longer have access.`,
  },
}

function whatComesNext({
  provider,
  scheduledChange,
  cancelAt,
  pause,
  currentPeriodEnd,
  priceCents,
}: Subscription): string {
  const end = formatDay(currentPeriodEnd)
  if (provider === 'manual') return `It was given to you for free until ${end}. Then it ends automatically.`
  if (scheduledChange) {
    const { plan, at } = scheduledChange
    return `On ${formatDay(at)}, your plan changes to ${plan.name}: ${formatPrice(plan)}.`
  }
  if (pause) return `It is paused from ${formatDay(pause.from)}${pause.until ? ` to ${formatDay(pause.until)}` : ''}.`
  if (cancelAt) return `It is set to end on ${formatDay(cancelAt)}, and renews until then.`
  return priceCents === 0 ? 'It is free for as long as you want.' : `It renews on ${end}.`
}

function whetherItEnds({ cancelAt }: Subscription): string {
  return cancelAt ? ` It is canceled and ends on ${formatDay(cancelAt)}.` : ''
}

/** Describes the status of a subscription. */
export function describeStatus(subscription: Subscription): { label: string; tone: Tone; meaning: string } {
  const { label, tone, meaning } = STATUSES[subscription.accessReason]
  return { label, tone, meaning: meaning(subscription) }
}
