import { after } from '../../platform/clock.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import type { SubscriptionStatus } from '../providers/payment-provider.ts'
import { graceEnd } from './grace-end.ts'

/** Everything that access depends on. */
export interface AccessFacts {
  /** As stored. An unknown status gives no access. */
  readonly status: SubscriptionStatus | (string & {})
  readonly currentPeriodEnd: Date
  /** When it is set to end (`plannedEnd`); null if it renews. */
  readonly endsAt: Date | null
  /** From when nothing is collected, because an operator paused it; null if it is not paused. */
  readonly pausedFrom: Date | null
  /** Whether the provider renews the subscription. It does not renew an admin's grant. */
  readonly renews: boolean
  /** Whether another plan waits for its end, and begins then. */
  readonly isFollowed: boolean
  /** When the oldest open invoice was finalized, in the provider's time. */
  readonly pastDueSince: Date | null
}

export type AccessReason =
  | 'active'
  | 'trialing'
  | 'ending'
  | 'past_due_grace'
  | 'pending'
  | 'past_due'
  | 'unpaid'
  | 'paused'
  | 'ended'

export interface Access {
  readonly hasAccess: boolean
  /** When access ends if nothing changes; null without access. */
  readonly accessUntil: Date | null
  readonly accessReason: AccessReason
}

/** Decides whether a subscription gives access, and why. No other code decides this. Pure and total. */
export function decideAccess(facts: AccessFacts, billingNow: Date, policy: AccessPolicy): Access {
  switch (facts.status) {
    case 'active':
    case 'trialing':
      return whilePeriodRuns(facts, billingNow, policy)
    case 'past_due': {
      const until = graceEnd(facts, policy)
      if (billingNow < until) return granted('past_due_grace', until)
      return denied(billingNow < graceEnd({ ...facts, endsAt: null }, policy) ? 'ended' : 'past_due')
    }
    case 'unpaid':
      return denied('unpaid')
    case 'paused':
      return denied('paused')
    case 'canceled':
      return denied('ended')
    default:
      return denied('pending')
  }
}

function whilePeriodRuns(facts: AccessFacts, billingNow: Date, policy: AccessPolicy): Access {
  const { status, currentPeriodEnd, endsAt, pausedFrom, renews, isFollowed } = facts
  const isLastPeriod = endsAt !== null && endsAt <= currentPeriodEnd
  const reason = isLastPeriod ? 'ending' : status === 'trialing' ? 'trialing' : 'active'
  const periodEnd = earlier(currentPeriodEnd, endsAt)
  if (billingNow < periodEnd) return granted(reason, periodEnd)

  // What follows is a renewal, at another provider.
  if (!renews || (isLastPeriod && !isFollowed)) return denied('ended')
  if (pausedFrom) return denied('paused')
  const leewayEnd = earlier(after(periodEnd, policy.renewalLeeway), isLastPeriod ? null : endsAt)
  return billingNow < leewayEnd ? granted(reason, leewayEnd) : denied('ended')
}

const earlier = (one: Date, other: Date | null): Date => (other !== null && other < one ? other : one)

const granted = (accessReason: AccessReason, accessUntil: Date): Access => ({
  hasAccess: true,
  accessUntil,
  accessReason,
})
const denied = (accessReason: AccessReason): Access => ({ hasAccess: false, accessUntil: null, accessReason })
