import type Stripe from 'stripe'
import { nothingUpcoming, previewSchedule } from '../../billing/preview-invoice.ts'
import { exclusiveParams, missingParam } from '../../http/errors.ts'
import { hash, list, oneOf, type ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import { computeAutomaticTax } from '../../taxes/automatic-tax.ts'
import type { Wire } from '../../wire.ts'
import { customerInParam, inParam } from '../lookup.ts'
import { changeSchedule, newSchedule } from '../subscriptions/change-schedule.ts'
import { PAUSE_SCHEDULES } from '../subscriptions/pause-schedule-params.ts'
import { PHASE } from '../subscriptions/schedule-phases.ts'
import { BILLING_MODE, PRORATION_BEHAVIOR } from '../subscriptions/subscription-params.ts'

/** What a preview changes about a schedule, or what a new one is like. */
export const SCHEDULE_DETAILS = hash({
  billing_mode: BILLING_MODE,
  end_behavior: oneOf('cancel', 'release'),
  pause_schedules: PAUSE_SCHEDULES,
  phases: list(PHASE, { max: 10 }),
  proration_behavior: PRORATION_BEHAVIOR,
})

interface Params {
  customer?: string
  schedule?: string
  schedule_details?: ParamValue<typeof SCHEDULE_DETAILS>
  subscription?: string
  subscription_details?: unknown
}

/** Whether a schedule has no subscription yet. */
export const isPlanned = (account: Account, schedule: string | undefined): boolean =>
  schedule !== undefined && account.schedules.find(schedule)?.status === 'not_started'

/**
 * Previews the next invoice of a schedule, with the changes that the request describes, or of a new one.
 *
 * @throws {StripeApiError} 400 for a subscription beside the schedule, and for phases that a schedule can't have.
 */
export function previewPlan(account: Account, params: Params): Wire<Stripe.Invoice> {
  const { customer, schedule: id, schedule_details: details = {}, subscription, subscription_details } = params
  const other = subscription === undefined ? 'subscription_details' : 'subscription'
  if (subscription !== undefined || subscription_details !== undefined)
    throw exclusiveParams('schedule_details', other, 'schedule_details')
  const { billing_mode, ...changes } = details
  const isTaxed = changes.phases?.some(({ automatic_tax }) => automatic_tax?.enabled) ?? false
  if (id !== undefined) {
    const row = inParam(account.schedules, id, 'subscription schedule', 'schedule')
    if (row.status !== 'active' && row.status !== 'not_started') throw nothingUpcoming(row.customer)
    if (isTaxed || row.default_settings.automatic_tax) computeAutomaticTax(account, row.customer)
    const isUnchanged = Object.keys(changes).length === 0
    return previewSchedule(account, () => (isUnchanged ? row : changeSchedule(account, row, changes)))
  }
  if (customer === undefined) throw missingParam('customer')
  const { end_behavior, pause_schedules, phases } = changes
  if (!phases || phases.length === 0) throw missingParam('schedule_details[phases]')
  const start_date = phases[0]?.start_date
  if (start_date === undefined) throw missingParam('schedule_details[phases][0][start_date]')
  customerInParam(account, customer)
  // Otherwise the preview's tax rates would be gone after it.
  if (isTaxed) computeAutomaticTax(account, customer)
  return previewSchedule(account, () =>
    newSchedule(account, {
      customer,
      phases,
      start_date,
      ...(billing_mode && { billing_mode }),
      ...(end_behavior && { end_behavior }),
      ...(pause_schedules !== undefined && { pause_schedules }),
    }),
  )
}
