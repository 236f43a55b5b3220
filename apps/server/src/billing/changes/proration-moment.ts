import { SECOND } from '../../platform/durations.ts'
import type { LiveSubscription } from '../subscriptions/live-subscription.ts'

/** The moment from which a change is charged. The provider counts whole seconds, and only within the running period. */
export function prorationMoment(
  billingNow: Date,
  { currentPeriodStart, currentPeriodEnd }: Pick<LiveSubscription, 'currentPeriodStart' | 'currentPeriodEnd'>,
): Date {
  const wholeSeconds = Math.floor(billingNow.getTime() / SECOND) * SECOND
  return new Date(Math.min(Math.max(wholeSeconds, currentPeriodStart.getTime()), currentPeriodEnd.getTime()))
}
