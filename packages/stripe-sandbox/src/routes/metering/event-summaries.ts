import { usageOf } from '../../amounts/usage.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, oneOf, required, string, timestamp } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { DAY, HOUR, MINUTE } from '../../time.ts'
import { customerInParam, inPath } from '../lookup.ts'

const LIST = hash({
  ...PAGE,
  customer: required(string()),
  end_time: required(timestamp()),
  start_time: required(timestamp()),
  value_grouping_window: oneOf('day', 'hour'),
})
const WINDOWS = { day: DAY, hour: HOUR }

/** @see https://docs.stripe.com/api/billing/meter-event-summary */
export const eventSummaryRoutes = [
  route('GET', '/billing/meters/:id/event_summaries', LIST, ({ account, id, params }) => {
    const meter = inPath(account.meters, id, 'billing meter')
    const customer = customerInParam(account, params.customer).id
    const { start_time, end_time, value_grouping_window } = params
    const step = value_grouping_window ? WINDOWS[value_grouping_window] : MINUTE
    for (const [param, time] of Object.entries({ start_time, end_time }))
      if (time % step !== 0)
        throw invalidRequest(`\`${param}\` must be aligned with ${value_grouping_window ?? 'minute'} boundaries.`, {
          param,
        })
    if (end_time <= start_time) throw invalidRequest('`end_time` must be after `start_time`.', { param: 'end_time' })
    const length = value_grouping_window ? step : end_time - start_time
    const count = Math.ceil((end_time - start_time) / length)
    const windows = Array.from({ length: count }, (_, index) => {
      const start = start_time + index * length
      return { id: `mtrsum_test_${meter.id.slice(-14)}${start}`, start, end: Math.min(end_time, start + length) }
    })
    // Only the windows of the page are added up: a year has thousands of hours.
    return page(`/v1/billing/meters/${id}/event_summaries`, windows, params, ({ id: summary, start, end }) => ({
      id: summary,
      object: 'billing.meter_event_summary',
      aggregated_value: usageOf(account, id, { customer, start, end }),
      end_time: end,
      livemode: false,
      meter: id,
      start_time: start,
    }))
  }),
]
