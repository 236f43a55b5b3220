import { after } from '../../platform/clock.ts'
import { plannedEnd } from '../access/planned-end.ts'
import type { LockedScope } from '../customers/under-lock.ts'
import { isForeign, isTestOnly } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'

/**
 * Ends a subscription of another account or mode when its time is over. The provider does not know it, so nothing
 * renews it. It runs until the end of its paid period; one that was paid in test mode ends at once under a live key.
 *
 * @returns false if it is not of another account.
 */
export async function endForeign(
  locked: LockedScope,
  providerSubscriptionId: string,
  billingNow: Date,
): Promise<boolean> {
  const { em, billing } = locked
  const account = await billing.provider.account()
  const row = await em.findOne(Subscription, { providerSubscriptionId }, LOCKED_ROW)
  if (!row || !isForeign(row.providerAccount, account)) return false

  const end = row.cancelAtPeriodEnd ? (plannedEnd(row) ?? row.currentPeriodEnd) : row.currentPeriodEnd
  const isOver = after(end, billing.settings.renewalLeeway) <= billingNow
  if (!row.isLive() || !(isOver || isTestOnly(row.providerAccount, account))) return true
  const endedAt = end < billingNow ? end : billingNow
  em.assign(row, { status: 'canceled', canceledAt: row.canceledAt ?? endedAt, endedAt, currentPeriodEnd: endedAt })
  await em.flush()
  return true
}
