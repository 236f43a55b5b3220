import type { Subscription } from '../subscription.entity.ts'
import { CAPABILITIES } from './capabilities.ts'

/**
 * Grants by an admin: nobody is paid and nobody is asked, our own row is the truth. So this adapter has no more of the
 * port than ending and resuming, and both act on the row. The caller holds the customer's lock.
 */
export const manualProvider = {
  name: 'manual',
  capabilities: CAPABILITIES.manual,

  cancel(subscription: Subscription, { at, now }: { at: 'period_end' | 'now'; now: Date }): void {
    subscription.canceledAt = now
    if (at === 'period_end') {
      subscription.cancelAtPeriodEnd = true
      return
    }
    // It never lasted longer than it was given for, however late it is looked at.
    const endedAt = subscription.currentPeriodEnd < now ? subscription.currentPeriodEnd : now
    subscription.status = 'canceled'
    subscription.endedAt = endedAt
    subscription.currentPeriodEnd = endedAt
  },

  resume(subscription: Subscription): void {
    subscription.canceledAt = null
    subscription.cancelAtPeriodEnd = false
  },
} as const
