import { emit, emitUpdated } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { serializeSchedule } from '../resources/subscription-schedule.ts'
import type { Account } from '../state/account.ts'
import type { ItemRow, SchedulePhase, ScheduleRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { createSubscription } from './create-subscription.ts'
import { endSubscription } from './end-subscription.ts'
import { commonInterval, isSameInterval } from './recurring-price.ts'
import { renew } from './renew.ts'
import { closeSchedule } from './schedule-end.ts'
import { updateSubscriptionTerms } from './update-subscription.ts'

export type NewSchedule = Pick<ScheduleRow, 'customer' | 'subscription' | 'status' | 'phases' | 'nextPhase'> &
  Partial<ScheduleRow>

export function createSchedule(account: Account, given: NewSchedule): ScheduleRow {
  const row = account.schedules.insert({
    id: newId('sub_sched'),
    created: account.nowOf(given.customer),
    released_subscription: null,
    end_behavior: 'release',
    metadata: {},
    canceled_at: null,
    completed_at: null,
    released_at: null,
    test_clock: account.customers.get(given.customer).test_clock,
    ...given,
  })
  emit(account, 'subscription_schedule.created', serializeSchedule(account, row))
  if (row.subscription !== null) account.subscriptions.patch(row.subscription, { schedule: row.id })
  return row
}

export function updateSchedule(account: Account, id: string, changes: Partial<ScheduleRow>): ScheduleRow {
  const before = serializeSchedule(account, account.schedules.get(id))
  const row = account.schedules.patch(id, changes)
  emitUpdated(account, 'subscription_schedule.updated', before, serializeSchedule(account, row))
  return row
}

/** Starts a schedule's next phase, or finishes the schedule after its last one. */
export function changePhase(account: Account, id: string): void {
  const schedule = account.schedules.get(id)
  const { nextPhase, phases } = schedule
  const phase = nextPhase === null ? undefined : phases[nextPhase]
  if (nextPhase === null || !phase) {
    finish(account, schedule)
    return
  }
  if (schedule.subscription === null) {
    beginSubscription(account, schedule, phase)
    return
  }
  updateSchedule(account, id, { nextPhase: nextPhase + 1 })
  enter(account, schedule.subscription, phase)
}

/** Creates the subscription of a schedule that started without one, on the terms of its first phase. */
export function beginSubscription(account: Account, schedule: ScheduleRow, phase: SchedulePhase): void {
  const { id } = createSubscription(account, {
    customer: schedule.customer,
    items: phase.items,
    trial_end: phase.trial_end,
    billing_cycle_anchor: null,
    payment_behavior: 'allow_incomplete',
    proration_behavior: phase.proration_behavior,
    paidWith: null,
    fields: { metadata: phase.metadata, schedule: schedule.id },
  })
  updateSchedule(account, schedule.id, { subscription: id, status: 'active', nextPhase: 1 })
}

/**
 * Applies a phase's items. At the end of a period, the subscription renews on the new terms. In mid-period, it is
 * updated with the phase's proration behavior.
 */
export function enter(account: Account, subscriptionId: string, phase: SchedulePhase): void {
  const subscription = account.subscriptions.get(subscriptionId)
  const now = account.nowOf(subscription.customer)
  const items = phase.items.map(({ price, quantity, metadata }, index) => ({
    id: subscription.items[index]?.id ?? null,
    price,
    quantity,
    metadata,
  }))
  if (sameTerms(subscription, phase)) return
  const metadata = { ...subscription.metadata, ...phase.metadata }

  if (subscription.items.every((item) => item.current_period_end === now) && subscription.status !== 'trialing') {
    const placed = items.map((item): ItemRow => {
      const before = subscription.items.find((candidate) => candidate.id === item.id)
      return {
        ...(before ?? { created: now, current_period_start: now, current_period_end: now, debit: null }),
        ...item,
        id: item.id ?? newId('si', 14),
      }
    })
    renew(account, subscriptionId, {
      items: placed,
      metadata,
      ...(changesInterval(account, subscription, items) && { billing_cycle_anchor: now }),
    })
    return
  }
  updateSubscriptionTerms(account, subscriptionId, {
    fields: { metadata },
    terms: { items, proration: phase.proration_behavior, at: now, anchor: 'unchanged', trialEnd: phase.trial_end },
    paymentBehavior: 'allow_incomplete',
  })
}

function sameTerms({ items }: SubscriptionRow, phase: SchedulePhase): boolean {
  return (
    items.length === phase.items.length &&
    items.every(
      (item, index) => item.price === phase.items[index]?.price && item.quantity === phase.items[index].quantity,
    )
  )
}

function changesInterval(account: Account, { items }: SubscriptionRow, wanted: readonly { price: string }[]): boolean {
  const [before, after] = [commonInterval(account, items), commonInterval(account, wanted)]
  return before !== null && after !== null && !isSameInterval(before, after)
}

/** After the last phase, the subscription continues without a schedule or ends, as `end_behavior` says. */
function finish(account: Account, schedule: ScheduleRow): void {
  if (schedule.subscription === null) return
  const subscription = account.subscriptions.get(schedule.subscription)
  account.schedules.patch(schedule.id, { nextPhase: null })
  if (schedule.end_behavior === 'cancel') {
    closeSchedule(account, subscription, 'completed')
    endSubscription(account, subscription.id, {})
  } else {
    closeSchedule(account, subscription, 'released')
  }
}
