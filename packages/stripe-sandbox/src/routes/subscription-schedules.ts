import { endSubscription } from '../billing/end-subscription.ts'
import { boundary } from '../billing/periods.ts'
import { recurringPrice } from '../billing/recurring-price.ts'
import { closeSchedule } from '../billing/schedule-end.ts'
import { beginSubscription, createSchedule, enter, updateSchedule } from '../billing/schedules.ts'
import { emit } from '../events/emit.ts'
import { invalidRequest } from '../http/errors.ts'
import { PAGE, page } from '../http/list.ts'
import {
  boolean,
  either,
  hash,
  integer,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
  timestamp,
  type ParamValue,
} from '../http/params.ts'
import { route } from '../http/route.ts'
import { serializeSchedule } from '../resources/subscription-schedule.ts'
import type { Account } from '../state/account.ts'
import type { SchedulePhase, ScheduleRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { activePriceInParam, customerInParam, inParam, inPath } from './lookup.ts'

const PHASE = hash({
  start_date: either(['now'], timestamp()),
  end_date: either(['now'], timestamp()),
  duration: hash({ interval: required(oneOf('day', 'month', 'week', 'year')), interval_count: integer({ min: 1 }) }),
  items: required(
    list(hash({ price: required(string()), quantity: integer({ min: 0 }), metadata: metadata() }), { max: 20 }),
  ),
  metadata: metadata(),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  trial: boolean(),
  trial_end: timestamp(),
})
const CREATE = hash({
  from_subscription: string(),
  customer: string(),
  start_date: either(['now'], timestamp()),
  phases: list(PHASE, { max: 10 }),
  end_behavior: oneOf('cancel', 'release'),
  metadata: metadata(),
})
const UPDATE = hash({
  phases: list(PHASE, { max: 10 }),
  end_behavior: oneOf('cancel', 'release'),
  metadata: metadata(),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
})
const LIST = hash({
  ...PAGE,
  canceled_at: timeRange(),
  completed_at: timeRange(),
  created: timeRange(),
  customer: string(),
  released_at: timeRange(),
  scheduled: boolean(),
})

export const subscriptionScheduleRoutes = [
  route('POST', '/subscription_schedules', CREATE, ({ account, params }) =>
    serializeSchedule(account, create(account, params)),
  ),
  route('GET', '/subscription_schedules/:id', hash({}), ({ account, id }) =>
    serializeSchedule(account, theSchedule(account, id)),
  ),
  route('POST', '/subscription_schedules/:id', UPDATE, ({ account, id, params }) => {
    const old = theSchedule(account, id)
    if (old.status !== 'active' && old.status !== 'not_started') {
      throw invalidRequest(
        `You can not update a subscription schedule that is currently in the \`${old.status}\` status. It must be in \`not_started\` or \`active\` status.`,
      )
    }
    const phases =
      params.phases === undefined
        ? old.phases
        : readPhases(
            account,
            params.phases,
            old.phases[0]?.start_date ?? account.nowOf(old.customer),
            account.nowOf(old.customer),
          )
    const now = account.nowOf(old.customer)
    const running = phases.findIndex((phase) => phase.start_date <= now && now < phase.end_date)
    if (old.status === 'active' && running === -1)
      throw invalidRequest('The current phase of the schedule must not be removed.', { param: 'phases' })
    const row = updateSchedule(account, id, {
      phases,
      nextPhase: old.status === 'active' ? running + 1 : 0,
      ...(params.end_behavior && { end_behavior: params.end_behavior }),
      metadata: mergeMetadata(old.metadata, params.metadata),
    })
    const present = phases[running]
    if (row.status === 'active' && row.subscription !== null && present) {
      enter(account, row.subscription, {
        ...present,
        proration_behavior: params.proration_behavior ?? present.proration_behavior,
      })
    }
    return serializeSchedule(account, account.schedules.get(id))
  }),
  route('POST', '/subscription_schedules/:id/release', hash({ preserve_cancel_date: boolean() }), ({ account, id }) => {
    const old = running(account, id, 'release')
    if (old.subscription === null) {
      const row = account.schedules.patch(id, {
        status: 'released',
        released_at: account.nowOf(old.customer),
        nextPhase: null,
      })
      emit(account, 'subscription_schedule.released', serializeSchedule(account, row))
    } else {
      closeSchedule(account, account.subscriptions.get(old.subscription), 'released')
    }
    return serializeSchedule(account, account.schedules.get(id))
  }),
  route(
    'POST',
    '/subscription_schedules/:id/cancel',
    hash({ invoice_now: boolean(), prorate: boolean() }),
    ({ account, id, params }) => {
      const old = running(account, id, 'cancel')
      if (old.subscription === null) {
        const row = account.schedules.patch(id, {
          status: 'canceled',
          canceled_at: account.nowOf(old.customer),
          nextPhase: null,
        })
        emit(account, 'subscription_schedule.canceled', serializeSchedule(account, row))
      } else {
        const { invoice_now = true, prorate = true } = params
        endSubscription(account, old.subscription, { invoiceNow: invoice_now, prorate })
      }
      return serializeSchedule(account, account.schedules.get(id))
    },
  ),
  route('GET', '/subscription_schedules', LIST, ({ account, params }) => {
    const candidates =
      params.customer === undefined ? account.schedules.all() : account.schedules.by('customer', params.customer)
    const rows = candidates.filter(
      (row) =>
        isWithin(row.created, params.created) &&
        (params.scheduled === undefined || (row.status === 'not_started') === params.scheduled),
    )
    return page('/v1/subscription_schedules', rows, params, (row) => serializeSchedule(account, row))
  }),
]

function create(account: Account, params: ParamValue<typeof CREATE>): ScheduleRow {
  if (params.from_subscription !== undefined)
    return createFrom(
      account,
      inParam(account.subscriptions, params.from_subscription, 'subscription', 'from_subscription'),
      params,
    )
  if (params.customer === undefined)
    throw invalidRequest('Missing required param: customer.', { param: 'customer', code: 'parameter_missing' })
  if (!params.phases || params.phases.length === 0)
    throw invalidRequest('Missing required param: phases.', { param: 'phases', code: 'parameter_missing' })
  const customer = customerInParam(account, params.customer)
  const now = account.nowOf(customer.id)
  const start = params.start_date === 'now' || params.start_date === undefined ? now : params.start_date
  const phases = readPhases(account, params.phases, start, now)
  const schedule = createSchedule(account, {
    customer: customer.id,
    subscription: null,
    status: 'not_started',
    phases,
    nextPhase: 0,
    end_behavior: params.end_behavior ?? 'release',
    metadata: mergeMetadata({}, params.metadata),
  })
  const [first] = phases
  if (start <= now && first) beginSubscription(account, schedule, first)
  return account.schedules.get(schedule.id)
}

function createFrom(account: Account, subscription: SubscriptionRow, params: ParamValue<typeof CREATE>): ScheduleRow {
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
  if (subscription.ended_at !== null)
    throw invalidRequest(`You cannot migrate a subscription that is in the \`${subscription.status}\` status.`, {
      param: 'from_subscription',
    })
  const [first] = subscription.items
  const now = account.nowOf(subscription.customer)
  const ends = subscription.cancel_at_period_end || subscription.cancel_at !== null
  const phase: SchedulePhase = {
    start_date: first?.current_period_start ?? now,
    end_date: first?.current_period_end ?? now,
    items: subscription.items.map(({ price, quantity, metadata: own }) => ({ price, quantity, metadata: own })),
    metadata: {},
    proration_behavior: 'create_prorations',
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  }
  // A subscription that was ending goes on ending: by its schedule now.
  if (ends)
    account.subscriptions.patch(subscription.id, { cancel_at: null, cancel_at_period_end: false, canceled_at: null })
  return createSchedule(account, {
    customer: subscription.customer,
    subscription: subscription.id,
    status: 'active',
    phases: [phase],
    nextPhase: 1,
    end_behavior: ends ? 'cancel' : 'release',
    metadata: mergeMetadata({}, params.metadata),
  })
}

/** Each phase begins where the one before it ends; a last one without an end lasts one period of its price. */
function readPhases(
  account: Account,
  given: readonly ParamValue<typeof PHASE>[],
  start: number,
  now: number,
): SchedulePhase[] {
  const phases: SchedulePhase[] = []
  for (const [index, phase] of given.entries()) {
    const items = phase.items.map(({ price, quantity = 1, metadata: own }, place) => ({
      price: activePriceInParam(account, price, `phases[${index}][items][${place}][price]`).id,
      quantity,
      metadata: mergeMetadata({}, own),
    }))
    const { recurring } = recurringPrice(account, items)
    const start_date =
      index === 0
        ? phase.start_date === 'now'
          ? now
          : (phase.start_date ?? start)
        : (phases.at(-1)?.end_date ?? start)
    if (index > 0 && typeof phase.start_date === 'number' && phase.start_date !== start_date) {
      throw invalidRequest('The start date of a phase must match the end date of the phase before it.', {
        param: `phases[${index}][start_date]`,
      })
    }
    if (phase.end_date !== undefined && phase.duration !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: end_date, duration.', {
        param: `phases[${index}][duration]`,
        code: 'parameters_exclusive',
      })
    }
    const lasts = phase.duration
      ? { interval: phase.duration.interval, interval_count: phase.duration.interval_count ?? 1 }
      : recurring
    if (phase.end_date === undefined && phase.duration === undefined && index < given.length - 1) {
      throw invalidRequest(`You must specify an \`end_date\` or a \`duration\` for every phase but the last.`, {
        param: `phases[${index}][end_date]`,
      })
    }
    const end_date =
      phase.end_date === 'now' ? now : (phase.end_date ?? (lasts ? boundary(start_date, lasts, 1) : start_date))
    if (end_date <= start_date)
      throw invalidRequest('The end date of a phase must be after its start date.', {
        param: `phases[${index}][end_date]`,
      })
    phases.push({
      start_date,
      end_date,
      items,
      metadata: mergeMetadata({}, phase.metadata),
      proration_behavior: phase.proration_behavior ?? 'create_prorations',
      trial_end: phase.trial ? end_date : (phase.trial_end ?? null),
    })
  }
  return phases
}

function theSchedule(account: Account, id: string): ScheduleRow {
  return inPath(account.schedules, id, 'subscription_schedule')
}

function running(account: Account, id: string, verb: 'release' | 'cancel'): ScheduleRow {
  const row = theSchedule(account, id)
  if (row.status === 'active' || row.status === 'not_started') return row
  throw invalidRequest(
    `You can not ${verb} a subscription schedule that is currently in the \`${row.status}\` status. It must be in \`not_started\` or \`active\` status.`,
  )
}
