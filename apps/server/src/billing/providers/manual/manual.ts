import type { Subscription } from '../../subscription.entity.ts'
import { CAPABILITIES } from '../capabilities.ts'

/**
 * The adapter for grants by an admin. There is no provider: our row is the only record. So of the port, it has only
 * canceling and resuming, and both change the row. The caller holds the customer's lock.
 */
export const manualProvider = {
  name: 'manual',
  capabilities: CAPABILITIES.manual,

  cancel(subscription: Subscription, { at, billingNow }: { at: 'period_end' | 'now'; billingNow: Date }): void {
    subscription.canceledAt = billingNow
    if (at === 'period_end') {
      const { cancelAt, currentPeriodEnd } = subscription
      subscription.cancelAt = cancelAt && cancelAt < currentPeriodEnd ? cancelAt : currentPeriodEnd
      subscription.cancelAtPeriodEnd = true
      return
    }
    // A grant never ends later than its period, even if this runs later.
    const endedAt = subscription.currentPeriodEnd < billingNow ? subscription.currentPeriodEnd : billingNow
    subscription.status = 'canceled'
    subscription.endedAt = endedAt
    subscription.currentPeriodEnd = endedAt
  },

  resume(subscription: Subscription): void {
    subscription.canceledAt = null
    subscription.cancelAtPeriodEnd = false
    subscription.cancelAt = null
  },
} as const
