import { CAPABILITIES } from '../provider-capabilities.ts'
import type { Subscription } from '../subscription.entity.ts'

/**
 * Grants by an admin: nobody is paid and nobody is asked, our own row is the truth. So this adapter has no more of the
 * port than ending and resuming, and both act on the row. The caller holds the customer's lock.
 */
export const manualProvider = {
  name: 'manual',
  capabilities: CAPABILITIES.manual,

  cancel(subscription: Subscription, { at, now }: { at: 'period_end' | 'now'; now: Date }): void {
    subscription.canceledAt = now
    subscription.cancelAtPeriodEnd = true
    if (at === 'period_end') return
    subscription.status = 'canceled'
    subscription.endedAt = now
    subscription.currentPeriodEnd = now
  },

  resume(subscription: Subscription): void {
    subscription.canceledAt = null
    subscription.cancelAtPeriodEnd = false
  },
} as const
