import { enterDiscounts } from '../discounts/phase-discounts.ts'
import { emit, emitUpdated } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { serializeSchedule } from '../resources/subscription-schedule.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type {
  PhaseDiscount,
  SchedulePhase,
  ScheduleRow,
  ScheduleSettings,
  SubscriptionRow,
} from '../state/rows/subscription.ts'
import { createSubscription } from './create-subscription.ts'
import { billWhatIsPending, endSubscription } from './end-subscription.ts'
import { enterPhase, oneTimeItemsOf, settingsOf } from './enter-phase.ts'
import { closeSchedule } from './schedule-end.ts'

export type NewSchedule = Pick<ScheduleRow, 'customer' | 'subscription' | 'status' | 'phases' | 'nextPhase'> &
  Partial<ScheduleRow>

export const DEFAULT_SETTINGS: ScheduleSettings = {
  automatic_tax: false,
  billing_cycle_anchor: 'automatic',
  billing_thresholds: null,
  collection_method: 'charge_automatically',
  days_until_due: null,
  default_payment_method: null,
  description: null,
}

export function createSchedule(account: Account, given: NewSchedule): ScheduleRow {
  const row = account.schedules.insert({
    id: newId('sub_sched'),
    created: account.nowOf(given.customer),
    default_settings: DEFAULT_SETTINGS,
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
  showEnd(account, row.id)
  return row
}

/**
 * Creates a schedule for a subscription that runs. Its only phase is the current period.
 *
 * @param next what follows the current phase, if anything.
 */
export function scheduleFor(
  account: Account,
  subscription: SubscriptionRow,
  given: Pick<ScheduleRow, 'end_behavior' | 'metadata'>,
  next: (current: SchedulePhase) => SchedulePhase[] = () => [],
): ScheduleRow {
  const automatic_tax = subscription.automatic_tax === 'enabled'
  const phase: SchedulePhase = {
    start_date: Math.max(...subscription.items.map((item) => item.current_period_start)),
    end_date: subscription.cancel_at ?? Math.min(...subscription.items.map((item) => item.current_period_end)),
    ...phasePricingOf(subscription),
    metadata: {},
    unsetMetadata: [],
    proration_behavior: 'create_prorations',
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
    automatic_tax,
    billing_cycle_anchor: null,
    billing_thresholds: subscription.billing_thresholds,
    collection_method: subscription.collection_method,
    days_until_due: subscription.days_until_due,
    default_payment_method: null,
    description: subscription.description,
    ...(subscription.invoice_settings && { invoice_settings: subscription.invoice_settings }),
  }
  return createSchedule(account, {
    customer: subscription.customer,
    subscription: subscription.id,
    status: 'active',
    phases: [phase, ...next(phase)],
    nextPhase: 1,
    ...(subscription.billing_mode === 'classic' && { billing_mode: subscription.billing_mode }),
    // The card and automatic tax stay even if later phases don't name them. The other settings are only in the phase.
    default_settings: {
      ...DEFAULT_SETTINGS,
      automatic_tax,
      default_payment_method: subscription.default_payment_method,
    },
    ...given,
  })
}

export function updateSchedule(account: Account, id: string, changes: Partial<ScheduleRow>): ScheduleRow {
  const before = serializeSchedule(account, account.schedules.get(id))
  const row = account.schedules.patch(id, changes)
  emitUpdated(account, 'subscription_schedule.updated', before, serializeSchedule(account, row))
  return row
}

/** Shows on the subscription when its schedule will cancel it, if it will. */
export function showEnd(account: Account, id: string): void {
  const { end_behavior, phases, subscription } = account.schedules.get(id)
  if (subscription === null) return
  const { cancel_at, cancel_at_period_end, canceled_at, customer } = account.subscriptions.get(subscription)
  const end = end_behavior === 'cancel' ? (phases.at(-1)?.end_date ?? null) : null
  if (end === cancel_at && !cancel_at_period_end) return
  updateSubscription(account, subscription, {
    cancel_at: end,
    cancel_at_period_end: false,
    canceled_at: end === null ? null : (canceled_at ?? account.nowOf(customer)),
  })
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
  const row = updateSchedule(account, id, { nextPhase: nextPhase + 1 })
  enterPhase(account, schedule.subscription, row, phase)
}

/** Creates the subscription of a schedule that started without one, on the terms of its first phase. */
export function beginSubscription(account: Account, schedule: ScheduleRow, phase: SchedulePhase): void {
  const { customer } = schedule
  const { currency } = account.prices.get(phase.items[0]?.price ?? '')
  const payer = { customer, currency }
  const backdated = phase.start_date < account.nowOf(customer)
  const { id } = createSubscription(account, {
    customer,
    items: phase.items.map((item) => ({ ...item, discounts: enterDiscounts(account, item.discounts, [], payer) })),
    once: oneTimeItemsOf(account, phase, payer),
    trial_end: phase.trial_end,
    ...(backdated && { backdate: phase.start_date }),
    billing_cycle_anchor: null,
    payment_behavior: 'allow_incomplete',
    proration_behavior: phase.proration_behavior,
    paidWith: null,
    fields: {
      ...settingsOf(schedule, phase),
      ...(schedule.billing_mode && { billing_mode: schedule.billing_mode }),
      ...(schedule.prorationDiscounts && { prorationDiscounts: schedule.prorationDiscounts }),
      default_tax_rates: phase.default_tax_rates,
      discounts: enterDiscounts(account, phase.discounts, [], payer),
      metadata: phase.metadata,
      schedule: schedule.id,
    },
  })
  updateSchedule(account, schedule.id, { subscription: id, status: 'active', nextPhase: 1 })
  showEnd(account, schedule.id)
}

/**
 * Follows an update that was made to a subscription itself, not to its schedule: the current phase ends now, and a new
 * one with the new terms lasts until its end.
 *
 * @see https://github.com/bitwarden/server/pull/7695
 */
export function splitPhase(account: Account, before: SubscriptionRow): void {
  const subscription = account.subscriptions.get(before.id)
  if (subscription.schedule === null) return
  const [old, changed] = [phaseFieldsOf(before), phaseFieldsOf(subscription)]
  if (JSON.stringify(old) === JSON.stringify(changed)) return
  const { id, nextPhase, phases } = account.schedules.get(subscription.schedule)
  const now = account.nowOf(subscription.customer)
  const current = phases.findIndex((phase) => phase.start_date <= now && now < phase.end_date)
  const phase = phases[current]
  if (!phase || nextPhase === null) return
  const isLater = phase.start_date < now
  // What the phase added to an invoice is there already.
  const { add_invoice_items: _added, ...rest } = phase
  const next: SchedulePhase = { ...rest, ...changed, start_date: now }
  updateSchedule(account, id, {
    phases: [
      ...phases.slice(0, current),
      ...(isLater ? [{ ...phase, end_date: now }] : []),
      next,
      ...phases.slice(current + 1),
    ],
    nextPhase: nextPhase + (isLater ? 1 : 0),
  })
}

/** A phase's items, discounts and tax rates as its subscription has them. */
function phasePricingOf({
  default_tax_rates,
  discounts,
  items,
}: SubscriptionRow): Pick<SchedulePhase, 'default_tax_rates' | 'discounts' | 'items'> {
  const kept = (ids: readonly string[]): PhaseDiscount[] =>
    ids.map((discount) => ({ coupon: null, discount, promotion_code: null }))
  return {
    default_tax_rates,
    discounts: kept(discounts),
    items: items.map((item) => ({
      price: item.price,
      quantity: item.quantity,
      metadata: item.metadata,
      discounts: kept(item.discounts),
      tax_rates: item.tax_rates,
      ...(item.billing_thresholds && { billing_thresholds: item.billing_thresholds }),
    })),
  }
}

/** What a phase takes over from its subscription. */
function phaseFieldsOf(subscription: SubscriptionRow): Partial<SchedulePhase> {
  const { billing_thresholds, collection_method, days_until_due, default_payment_method, description } = subscription
  const { invoice_settings } = subscription
  return {
    automatic_tax: subscription.automatic_tax === 'enabled',
    billing_thresholds,
    collection_method,
    days_until_due,
    default_payment_method,
    description,
    ...(invoice_settings && { invoice_settings }),
    ...phasePricingOf(subscription),
    metadata: subscription.metadata,
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  }
}

/** After the last phase, the subscription continues without a schedule or ends, as `end_behavior` says. */
function finish(account: Account, schedule: ScheduleRow): void {
  if (schedule.subscription === null) return
  const subscription = account.subscriptions.get(schedule.subscription)
  account.schedules.patch(schedule.id, { nextPhase: null })
  if (schedule.end_behavior === 'cancel') {
    closeSchedule(account, subscription, 'completed')
    billWhatIsPending(account, endSubscription(account, subscription.id, {}))
  } else {
    closeSchedule(account, subscription, 'released')
  }
}
