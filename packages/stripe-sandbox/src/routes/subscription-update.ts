import type { SubscriptionChange } from '../billing/update-subscription.ts'
import { invalidRequest } from '../http/errors.ts'
import { boolean, clearable, either, hash, mergeMetadata, metadata, oneOf, string, timestamp, type ParamValue } from '../http/params.ts'
import type { Account } from '../state/account.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { ownMethod } from './customers.ts'

export const UPDATE = hash({
  cancel_at: clearable(either(['min_period_end', 'max_period_end'], timestamp())),
  cancel_at_period_end: boolean(),
  cancellation_details: hash({
    comment: clearable(string()),
    feedback: clearable(oneOf('customer_service', 'low_quality', 'missing_features', 'other', 'switched_service', 'too_complex', 'too_expensive', 'unused')),
  }),
  default_payment_method: clearable(string()),
  description: clearable(string({ max: 500 })),
  metadata: metadata(),
})

/** Checks an update against the subscription as it is, and turns it into what is to change. */
export function readUpdate(account: Account, old: SubscriptionRow, params: ParamValue<typeof UPDATE>): SubscriptionChange {
  const method = params.default_payment_method
  if (method) ownMethod(account, old.customer, method, 'default_payment_method')
  return {
    fields: {
      ...cancellation(account, old, params),
      ...(method !== undefined && { default_payment_method: method }),
      ...(params.description !== undefined && { description: params.description }),
      metadata: mergeMetadata(old.metadata, params.metadata),
    },
  }
}

/** A planned end is set or taken back; `canceled_at` is the moment it was asked for. */
function cancellation(account: Account, old: SubscriptionRow, params: ParamValue<typeof UPDATE>): Partial<SubscriptionRow> {
  const { cancel_at, cancel_at_period_end, cancellation_details: details } = params
  if (cancel_at !== undefined && cancel_at !== null && cancel_at_period_end === true) {
    throw invalidRequest('You cannot set both `cancel_at` and `cancel_at_period_end`.', { param: 'cancel_at', code: 'parameters_exclusive' })
  }
  const now = account.nowOf(old.customer)
  const ends = old.items.map((item) => item.current_period_end)
  const end = Math.min(...ends)
  const at = cancel_at === 'min_period_end' ? end : cancel_at === 'max_period_end' ? Math.max(...ends) : cancel_at
  if (typeof at === 'number' && at < now) throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' })

  const flag = cancel_at_period_end ?? (cancel_at === undefined ? old.cancel_at_period_end : false)
  const moment = cancel_at_period_end === true ? end : cancel_at_period_end === false && cancel_at === undefined ? null : at === undefined ? old.cancel_at : at
  const planned = flag || moment !== null
  const wasPlanned = old.cancel_at_period_end || old.cancel_at !== null
  const kept = { ...old.cancellation_details, ...(details?.comment !== undefined && { comment: details.comment }), ...(details?.feedback !== undefined && { feedback: details.feedback }) }
  return {
    cancel_at: moment,
    cancel_at_period_end: flag,
    canceled_at: planned ? (wasPlanned ? old.canceled_at : now) : null,
    cancellation_details: { ...kept, reason: planned ? 'cancellation_requested' : wasPlanned ? null : kept.reason },
  }
}
