import { endSubscription } from '../../billing/end-subscription.ts'
import { closeSchedule } from '../../billing/schedule-end.ts'
import { emit } from '../../events/emit.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import { boolean, hash, isWithin, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeSchedule } from '../../resources/subscription-schedule.ts'
import { updateSubscription } from '../../resources/subscription.ts'
import type { Account } from '../../state/account.ts'
import type { ScheduleRow } from '../../state/rows/subscription.ts'
import { inPath } from '../lookup.ts'
import { changeSchedule, CREATE_SCHEDULE, newSchedule, UPDATE_SCHEDULE } from './change-schedule.ts'

const RELEASE = hash({ preserve_cancel_date: boolean() })
const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  canceled_at: timeRange(),
  completed_at: timeRange(),
  created: timeRange(),
  customer: string(),
  released_at: timeRange(),
  scheduled: boolean(),
})

export const subscriptionScheduleRoutes = [
  route('POST', '/subscription_schedules', CREATE_SCHEDULE, ({ account, params }) =>
    serializeSchedule(account, newSchedule(account, params)),
  ),
  route('GET', '/subscription_schedules/:id', hash({}), ({ account, id }) =>
    serializeSchedule(account, theSchedule(account, id)),
  ),
  route('POST', '/subscription_schedules/:id', UPDATE_SCHEDULE, ({ account, id, params }) => {
    return serializeSchedule(account, changeSchedule(account, openSchedule(account, id, 'update'), params))
  }),
  route('POST', '/subscription_schedules/:id/release', RELEASE, ({ account, id, params }) => {
    const old = openSchedule(account, id, 'release')
    if (old.subscription === null) {
      const row = account.schedules.patch(id, {
        status: 'released',
        released_at: account.nowOf(old.customer),
        nextPhase: null,
      })
      emit(account, 'subscription_schedule.released', serializeSchedule(account, row))
    } else {
      closeSchedule(account, account.subscriptions.get(old.subscription), 'released')
      updateSubscription(account, old.subscription, {
        schedule: null,
        ...(old.end_behavior === 'cancel' && !params.preserve_cancel_date && { cancel_at: null, canceled_at: null }),
      })
    }
    return serializeSchedule(account, account.schedules.get(id))
  }),
  route(
    'POST',
    '/subscription_schedules/:id/cancel',
    hash({ invoice_now: boolean(), prorate: boolean() }),
    ({ account, id, params }) => {
      const old = openSchedule(account, id, 'cancel')
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

function theSchedule(account: Account, id: string): ScheduleRow {
  return inPath(account.schedules, id, 'subscription_schedule')
}

/** The schedule that the path names, if it has not ended; `verb` is for the error message. */
function openSchedule(account: Account, id: string, verb: 'update' | 'release' | 'cancel'): ScheduleRow {
  const row = theSchedule(account, id)
  if (row.status === 'active' || row.status === 'not_started') return row
  throw invalidRequest(
    `You can not ${verb} a subscription schedule that is currently in the \`${row.status}\` status. It must be in \`not_started\` or \`active\` status.`,
  )
}
