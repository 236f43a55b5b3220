import { invalidRequest } from '../../http/errors.ts'
import type { ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { BillingSchedule, ProrationBehavior, SubscriptionRow } from '../../state/rows/subscription.ts'
import { cancelTime, type CANCEL_AT, type CANCELLATION_DETAILS } from './subscription-params.ts'

interface Cancellation {
  readonly cancel_at?: ParamValue<typeof CANCEL_AT> | null
  readonly cancel_at_period_end?: boolean
  readonly cancellation_details?: ParamValue<typeof CANCELLATION_DETAILS>
  readonly proration_behavior?: ProrationBehavior
}

/**
 * Reads a change of the scheduled cancellation. `canceled_at` is when the cancellation was requested.
 *
 * @param prebilled the billing schedules that the same request sets.
 * @throws {StripeApiError} 400 if `cancel_at` is in the past, or given together with `cancel_at_period_end`.
 */
export function readCancellation(
  account: Account,
  old: SubscriptionRow,
  params: Cancellation,
  prebilled: readonly BillingSchedule[] = [],
): Partial<SubscriptionRow> {
  const { cancel_at, cancel_at_period_end, cancellation_details: details } = params
  if (typeof cancel_at === 'number' && cancel_at_period_end === true) {
    throw invalidRequest('You cannot set both `cancel_at` and `cancel_at_period_end`.', {
      param: 'cancel_at',
      code: 'parameters_exclusive',
    })
  }
  const now = account.nowOf(old.customer)
  const end = cancelTime('min_period_end', old.items)
  const until = cancel_at === 'max_billed_until' ? prebilled.map((each) => each.bill_until.computed_timestamp) : []
  const at = cancel_at == null ? cancel_at : Math.max(cancelTime(cancel_at, old.items), ...until)
  if (typeof at === 'number' && at < now)
    throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' })

  const flag = cancel_at_period_end ?? (cancel_at === undefined && old.cancel_at_period_end)
  const kept = at === undefined ? (cancel_at_period_end === false ? null : old.cancel_at) : at
  const moment = cancel_at_period_end === true ? end : kept
  const [planned, wasPlanned] = [flag || moment !== null, old.cancel_at_period_end || old.cancel_at !== null]
  const newDetails = {
    ...old.cancellation_details,
    ...(details?.comment !== undefined && { comment: details.comment }),
    ...(details?.feedback !== undefined && { feedback: details.feedback }),
  }
  if (old.ended_at !== null) return { cancellation_details: newDetails }
  return {
    cancel_at: moment,
    cancel_at_period_end: flag,
    canceled_at: planned ? (wasPlanned ? old.canceled_at : now) : null,
    ...(moment !== old.cancel_at && { prorateCancellation: params.proration_behavior !== 'none' }),
    cancellation_details: {
      ...newDetails,
      reason: planned ? 'cancellation_requested' : wasPlanned ? null : newDetails.reason,
    },
  }
}
