import { enterPhase } from '../../billing/enter-phase.ts'
import {
  beginSubscription,
  createSchedule,
  DEFAULT_SETTINGS,
  scheduleFor,
  showEnd,
  updateSchedule,
} from '../../billing/schedules.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import {
  either,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { SchedulePhase, ScheduleRow, ScheduleSettings, SubscriptionRow } from '../../state/rows/subscription.ts'
import { customerInParam, inParam } from '../lookup.ts'
import { PAUSE_SCHEDULES, schedulePauses } from './pause-schedule-params.ts'
import { DEFAULT_SETTINGS_PARAM, PHASE, readPhases, readSettings } from './schedule-phases.ts'
import { BILLING_MODE, PRORATION_BEHAVIOR, readMode } from './subscription-params.ts'

/** The parameters of a new schedule. */
export const CREATE_SCHEDULE = hash({
  from_subscription: string(),
  customer: string(),
  start_date: either(['now'], timestamp()),
  phases: list(PHASE, { max: 10 }),
  billing_mode: BILLING_MODE,
  default_settings: DEFAULT_SETTINGS_PARAM,
  end_behavior: oneOf('cancel', 'release'),
  metadata: metadata(),
  pause_schedules: PAUSE_SCHEDULES,
})
/** The parameters that change a schedule. */
export const UPDATE_SCHEDULE = hash({
  phases: list(PHASE, { max: 10 }),
  default_settings: DEFAULT_SETTINGS_PARAM,
  end_behavior: oneOf('cancel', 'release'),
  metadata: metadata(),
  pause_schedules: PAUSE_SCHEDULES,
  proration_behavior: PRORATION_BEHAVIOR,
})

/**
 * Creates a schedule, and its subscription if it starts now or has started before.
 *
 * @throws {StripeApiError} 400 for phases that don't fit together, and for a subscription that has a schedule.
 */
export function newSchedule(account: Account, params: ParamValue<typeof CREATE_SCHEDULE>): ScheduleRow {
  if (params.from_subscription !== undefined)
    return createFrom(
      account,
      inParam(account.subscriptions, params.from_subscription, 'subscription', 'from_subscription'),
      params,
    )
  if (params.customer === undefined) throw missingParam('customer')
  if (!params.phases || params.phases.length === 0) throw missingParam('phases')
  const customer = customerInParam(account, params.customer)
  const now = account.nowOf(customer.id)
  const start = params.start_date === 'now' || params.start_date === undefined ? now : params.start_date
  const phases = readPhases(account, params.phases, {
    customer: customer.id,
    start,
    now,
    current: new Set(),
    ...(params.billing_mode && { mode: params.billing_mode.type }),
  })
  const schedule = createSchedule(account, {
    customer: customer.id,
    subscription: null,
    status: 'not_started',
    phases,
    nextPhase: 0,
    ...readMode(params.billing_mode),
    default_settings: readDefaults(account, customer.id, params.default_settings, DEFAULT_SETTINGS),
    end_behavior: params.end_behavior ?? 'release',
    metadata: mergeMetadata({}, params.metadata),
  })
  const [first] = phases
  if (start <= now && first) beginSubscription(account, schedule, first)
  return schedulePauses(account, schedule.id, params.pause_schedules)
}

/**
 * Changes a schedule, and its subscription if the current phase changes.
 *
 * @throws {StripeApiError} 400 for phases that don't fit together, or that leave out the present.
 */
export function changeSchedule(
  account: Account,
  old: ScheduleRow,
  params: ParamValue<typeof UPDATE_SCHEDULE>,
): ScheduleRow {
  const { id } = old
  const now = account.nowOf(old.customer)
  const phases = params.phases === undefined ? old.phases : changePhases(account, old, params.phases)
  const current = phases.findIndex((phase) => phase.start_date <= now && now < phase.end_date)
  if (old.status === 'active' && current === -1) throw wrongCurrentPhase()
  const row = updateSchedule(account, id, {
    phases,
    nextPhase: old.status === 'active' ? current + 1 : 0,
    ...(params.end_behavior && { end_behavior: params.end_behavior }),
    default_settings: readDefaults(account, old.customer, params.default_settings, old.default_settings),
    metadata: mergeMetadata(old.metadata, params.metadata),
  })
  const present = phases[current]
  if (row.status === 'active' && row.subscription !== null && present)
    enterPhase(account, row.subscription, row, present, params.proration_behavior ?? present.proration_behavior)
  showEnd(account, id)
  return schedulePauses(account, id, params.pause_schedules)
}

function createFrom(
  account: Account,
  subscription: SubscriptionRow,
  params: ParamValue<typeof CREATE_SCHEDULE>,
): ScheduleRow {
  if (params.phases !== undefined || params.customer !== undefined || params.start_date !== undefined) {
    throw invalidRequest('You cannot set `phases`, `customer` or `start_date` if `from_subscription` is set.', {
      param: 'from_subscription',
      code: 'parameters_exclusive',
    })
  }
  if (subscription.schedule !== null) {
    throw invalidRequest(
      `You cannot migrate a subscription that is already attached to a schedule: \`${subscription.schedule}\`.`,
      { param: 'from_subscription' },
    )
  }
  if (subscription.billing_schedules?.length)
    throw invalidRequest('You cannot migrate a subscription that has `billing_schedules`.', {
      param: 'from_subscription',
    })
  if (subscription.ended_at !== null)
    throw invalidRequest(`You cannot migrate a subscription that is in the \`${subscription.status}\` status.`, {
      param: 'from_subscription',
    })
  const ends = subscription.cancel_at_period_end || subscription.cancel_at !== null
  const { id } = scheduleFor(account, subscription, {
    // If the subscription was set to cancel, the schedule now cancels it.
    end_behavior: ends ? 'cancel' : 'release',
    metadata: mergeMetadata({}, params.metadata),
  })
  return schedulePauses(account, id, params.pause_schedules)
}

/**
 * Reads new phases for a schedule. The first of them must be the current phase or a past one.
 *
 * @throws {StripeApiError} 400 if no phase has a start, or if the current phase would start at another time.
 */
function changePhases(account: Account, old: ScheduleRow, given: readonly ParamValue<typeof PHASE>[]): SchedulePhase[] {
  const now = account.nowOf(old.customer)
  const start = given[0]?.start_date
  if (start === undefined)
    throw invalidRequest(
      'The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.',
      { param: 'phases' },
    )
  const known = old.phases.some((phase) => phase.start_date === start && phase.start_date <= now)
  if (old.status === 'active' && start !== 'now' && !known) throw wrongCurrentPhase()
  return readPhases(account, given, {
    customer: old.customer,
    start: now,
    now,
    current: pricesOf(account, old.subscription),
    ...(old.subscription !== null && { mode: account.subscriptions.get(old.subscription).billing_mode }),
  })
}

function wrongCurrentPhase(): Error {
  return invalidRequest('You can only adjust the end date to a future date for the current phase.', { param: 'phases' })
}

/** The default settings after a request that names some of them. */
function readDefaults(
  account: Account,
  customer: string,
  given: ParamValue<typeof DEFAULT_SETTINGS_PARAM> | undefined,
  old: ScheduleSettings,
): ScheduleSettings {
  if (given === undefined) return old
  const read = readSettings(account, customer, given, 'default_settings')
  return {
    automatic_tax: read.automatic_tax ?? old.automatic_tax ?? null,
    billing_cycle_anchor: read.billing_cycle_anchor ?? old.billing_cycle_anchor,
    billing_thresholds: given.billing_thresholds === undefined ? old.billing_thresholds : read.billing_thresholds,
    collection_method: read.collection_method ?? old.collection_method,
    days_until_due: read.days_until_due ?? old.days_until_due,
    default_payment_method: read.default_payment_method ?? old.default_payment_method,
    description: given.description === undefined ? old.description : read.description,
    ...(read.invoice_settings
      ? { invoice_settings: { ...old.invoice_settings, ...read.invoice_settings } }
      : old.invoice_settings && { invoice_settings: old.invoice_settings }),
  }
}

function pricesOf(account: Account, subscription: string | null): Set<string> {
  const items = subscription === null ? [] : account.subscriptions.get(subscription).items
  return new Set(items.map((item) => item.price))
}
