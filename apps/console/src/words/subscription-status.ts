import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { formatDay } from './dates.ts'
import { planAt } from './plan-price.ts'
import { formatPrice } from './price.ts'
import type { Tone } from './tone.ts'

export type Subscription = NonNullable<RouterOutputs['billing']['subscriptions']['current']>
/** A plan of another provider that begins when the present one ends. */
export type Upcoming = NonNullable<RouterOutputs['billing']['subscriptions']['upcoming']>

interface StatusWords {
  tone: Tone
  /** What the status means for the user. */
  meaning: (subscription: Subscription) => string
}

const { meaning, status } = t.billing

const dayOf = (moment: Date, { timeZone }: Subscription) => formatDay(moment, timeZone)

const until = (it: Subscription) => dayOf(it.accessUntil ?? it.currentPeriodEnd, it)

const STATUSES: Record<Subscription['accessReason'], StatusWords> = {
  active: { tone: 'good', meaning: (it) => meaning.active(whatComesNext(it)) },
  trialing: {
    tone: 'good',
    meaning: (it) =>
      it.scheduledChange
        ? meaning.trialChanging(whatComesNext(it))
        : meaning.trial(dayOf(it.currentPeriodEnd, it), formatPrice(it)),
  },
  ending: { tone: 'calm', meaning: (it) => meaning.ending(until(it)) },
  past_due_grace: { tone: 'warning', meaning: (it) => whileInGrace(it) + whetherItEnds(it) },
  pending: { tone: 'calm', meaning: () => meaning.pending },
  past_due: { tone: 'bad', meaning: (it) => onceOverdue(it) + whetherItEnds(it) },
  unpaid: {
    tone: 'bad',
    meaning: (it) => (isPayable(it) ? meaning.unpaid : meaning.unpaidNoPage) + whetherItEnds(it),
  },
  paused: {
    tone: 'calm',
    meaning: (it) => meaning.paused + (it.pause?.until ? meaning.continuesOn(dayOf(it.pause.until, it)) : ''),
  },
  ended: { tone: 'calm', meaning: (it) => meaning.ended(dayOf(it.endedAt ?? it.currentPeriodEnd, it)) },
}

function whatComesNext(subscription: Subscription): string {
  const { provider, scheduledChange, cancelAt, pause, currentPeriodEnd, priceCents, currency } = subscription
  const end = dayOf(currentPeriodEnd, subscription)
  if (provider === 'manual') return meaning.grant(end)
  if (scheduledChange) {
    const { plan, at, billingPeriod } = scheduledChange
    return meaning.scheduled(
      dayOf(at, subscription),
      plan.name,
      formatPrice(planAt(plan, { billingPeriod, currency }) ?? plan),
    )
  }
  if (pause) {
    const from = dayOf(pause.from, subscription)
    return pause.until ? meaning.pauseFromTo(from, dayOf(pause.until, subscription)) : meaning.pauseFrom(from)
  }
  if (cancelAt) return meaning.endsLater(dayOf(cancelAt, subscription))
  return priceCents === 0 ? meaning.free : meaning.renews(end)
}

/** Whether the overdue amount can be paid now. A provider without a page for the invoice first tries again by itself. */
const isPayable = ({ cardManagement, recovery }: Subscription): boolean =>
  cardManagement !== 'cards' || recovery?.action === 'pay'

function whileInGrace(it: Subscription): string {
  if (isPayable(it)) return meaning.grace(until(it))
  const retry = it.recovery?.nextRetryAt
  return retry ? meaning.graceRetry(until(it), dayOf(retry, it)) : meaning.graceNoRetry(until(it))
}

function onceOverdue(it: Subscription): string {
  if (isPayable(it)) return meaning.pastDue
  const retry = it.recovery?.nextRetryAt
  return retry ? meaning.pastDueRetry(dayOf(retry, it)) : meaning.pastDueNoRetry
}

function whetherItEnds(subscription: Subscription): string {
  const { cancelAt } = subscription
  return cancelAt ? meaning.endsToo(dayOf(cancelAt, subscription)) : ''
}

/**
 * Describes the status of a subscription.
 *
 * @param upcoming the plan that waits for its end.
 */
export function describeStatus(
  subscription: Subscription,
  upcoming: Upcoming | null = null,
): { label: string; tone: Tone; meaning: string } {
  const { tone, meaning: meaningOf } = STATUSES[subscription.accessReason]
  const isFollowed = upcoming !== null && subscription.hasAccess
  return {
    label: status[subscription.accessReason],
    tone,
    meaning: isFollowed
      ? t.billing.upcoming.follows(dayOf(upcoming.startsAt, subscription), upcoming.plan.name, formatPrice(upcoming))
      : meaningOf(subscription),
  }
}
