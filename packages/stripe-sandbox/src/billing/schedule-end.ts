import { emit } from '../events/emit.ts'
import { serializeSchedule } from '../resources/subscription-schedule.ts'
import type { Account } from '../state/account.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'

/**
 * Ends a subscription's schedule: canceled or completed along with the subscription, or released from it. It is aborted
 * if the subscription was canceled because its payments failed.
 */
export function closeSchedule(
  account: Account,
  subscription: SubscriptionRow,
  how: 'aborted' | 'canceled' | 'released' | 'completed',
): void {
  if (subscription.schedule === null) return
  const schedule = account.schedules.get(subscription.schedule)
  account.subscriptions.patch(subscription.id, { schedule: null })
  if (schedule.status !== 'active' && schedule.status !== 'not_started') return

  const now = account.nowOf(schedule.customer)
  const row = account.schedules.patch(schedule.id, {
    status: how === 'aborted' ? 'canceled' : how,
    ...((how === 'canceled' || how === 'aborted') && { canceled_at: now }),
    ...(how === 'released' && { released_at: now, released_subscription: subscription.id, subscription: null }),
    ...(how === 'completed' && { completed_at: now }),
  })
  emit(account, `subscription_schedule.${how}`, serializeSchedule(account, row))
}
