import { SECOND } from '../../platform/durations.ts'
import type { LiveSubscription } from '../subscriptions/live-subscription.ts'

/**
 * The moment from which a change is charged: in whole seconds, and within the current period, as the provider wants.
 */
export function prorationMoment(
  billingNow: Date,
  { currentPeriodStart, currentPeriodEnd }: Pick<LiveSubscription, 'currentPeriodStart' | 'currentPeriodEnd'>,
): Date {
  const wholeSeconds = Math.floor(billingNow.getTime() / SECOND) * SECOND
  return new Date(Math.min(Math.max(wholeSeconds, currentPeriodStart.getTime()), currentPeriodEnd.getTime()))
}
