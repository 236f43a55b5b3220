import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { formatDay } from './dates.ts'
import { formatPrice } from './price.ts'
import type { Tone } from './tone.ts'

export type Subscription = NonNullable<RouterOutputs['billing']['subscriptions']['current']>

interface StatusWords {
  tone: Tone
  /** What the status means for the user. */
  meaning: (subscription: Subscription) => string
}

const { meaning, status } = t.billing

const until = ({ accessUntil, currentPeriodEnd }: Subscription) => formatDay(accessUntil ?? currentPeriodEnd)

const STATUSES: Record<Subscription['accessReason'], StatusWords> = {
  active: { tone: 'good', meaning: (it) => meaning.active(whatComesNext(it)) },
  trialing: {
    tone: 'good',
    meaning: (it) =>
      it.scheduledChange
        ? meaning.trialChanging(whatComesNext(it))
        : meaning.trial(formatDay(it.currentPeriodEnd), formatPrice(it)),
  },
  ending: { tone: 'calm', meaning: (it) => meaning.ending(until(it)) },
  past_due_grace: { tone: 'warning', meaning: (it) => meaning.grace(until(it)) + whetherItEnds(it) },
  pending: { tone: 'calm', meaning: () => meaning.pending },
  past_due: { tone: 'bad', meaning: (it) => meaning.pastDue + whetherItEnds(it) },
  unpaid: { tone: 'bad', meaning: (it) => meaning.unpaid + whetherItEnds(it) },
  paused: {
    tone: 'calm',
    meaning: ({ pause }) => meaning.paused + (pause?.until ? meaning.continuesOn(formatDay(pause.until)) : ''),
  },
  ended: { tone: 'calm', meaning: (it) => meaning.ended(formatDay(it.endedAt ?? it.currentPeriodEnd)) },
}

function whatComesNext(subscription: Subscription): string {
  const { provider, scheduledChange, cancelAt, pause, currentPeriodEnd, priceCents } = subscription
  const end = formatDay(currentPeriodEnd)
  if (provider === 'manual') return meaning.grant(end)
  if (scheduledChange) {
    const { plan, at } = scheduledChange
    return meaning.scheduled(formatDay(at), plan.name, formatPrice(plan))
  }
  if (pause) {
    const from = formatDay(pause.from)
    return pause.until ? meaning.pauseFromTo(from, formatDay(pause.until)) : meaning.pauseFrom(from)
  }
  if (cancelAt) return meaning.endsLater(formatDay(cancelAt))
  return priceCents === 0 ? meaning.free : meaning.renews(end)
}

function whetherItEnds({ cancelAt }: Subscription): string {
  return cancelAt ? meaning.endsToo(formatDay(cancelAt)) : ''
}

/** Describes the status of a subscription. */
export function describeStatus(subscription: Subscription): { label: string; tone: Tone; meaning: string } {
  const { tone, meaning: meaningOf } = STATUSES[subscription.accessReason]
  return { label: status[subscription.accessReason], tone, meaning: meaningOf(subscription) }
}
