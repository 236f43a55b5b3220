import type { ProviderItem, ProviderSubscription, SubscriptionStatus } from '../providers/payment-provider.ts'
import type { MoneyStanding } from './fetch-standing.ts'

interface PauseColumns {
  status: SubscriptionStatus
  pausedFrom: Date | null
  pausedUntil: Date | null
}

/**
 * What a pause of collection means. At the provider such a subscription stays active, and its renewals are not collected.
 * Here it is paused as soon as the running period is not paid.
 */
export function readPause(
  { status, pausedCollection }: ProviderSubscription,
  { currentPeriodStart, currentPeriodEnd }: ProviderItem,
  { isPeriodPaid }: MoneyStanding,
): PauseColumns {
  const none = { status, pausedFrom: null, pausedUntil: null }
  if (!pausedCollection || status === 'canceled') return none
  const { resumesAt: pausedUntil } = pausedCollection
  if (!isPeriodPaid && (status === 'active' || status === 'past_due'))
    return { status: 'paused', pausedFrom: currentPeriodStart, pausedUntil }
  // The provider collects again before the next period begins.
  if (pausedUntil && pausedUntil <= currentPeriodEnd) return none
  return { status, pausedFrom: currentPeriodEnd, pausedUntil }
}
