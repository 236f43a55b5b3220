import type { PauseOptions } from '../../billing/pause-subscription.ts'
import { invalidRequest } from '../../http/errors.ts'
import { hash, oneOf, required, type ParamValue } from '../../http/params.ts'
import type { SubscriptionRow } from '../../state/rows/subscription.ts'

/** How to pause a subscription now. */
export const PAUSE = hash({
  bill_for: hash({
    outstanding_usage_through: hash({ type: required(oneOf('none', 'now')) }),
    unused_time_from: hash({ type: required(oneOf('none', 'now', 'item_current_period_start')) }),
  }),
  invoicing_behavior: oneOf('invoice', 'pending_invoice_item'),
  type: oneOf('subscription'),
})

export const readPause = ({ bill_for, invoicing_behavior }: ParamValue<typeof PAUSE>): PauseOptions => ({
  credit: bill_for?.unused_time_from?.type ?? 'now',
  invoice: invoicing_behavior === 'invoice',
  usage: bill_for?.outstanding_usage_through?.type !== 'none',
})

/** @throws {StripeApiError} 400 for a subscription that has a schedule, or is not running. */
export function checkPausable({ schedule, status }: SubscriptionRow): void {
  if (schedule !== null) throw invalidRequest('You cannot pause a subscription that has a schedule attached.')
  if (status !== 'active' && status !== 'trialing' && status !== 'past_due')
    throw invalidRequest(`You cannot pause a subscription that is in the \`${status}\` status.`)
}

/** @throws {StripeApiError} 400 for a subscription that is not paused. */
export function checkPaused({ status }: SubscriptionRow): void {
  if (status !== 'paused')
    throw invalidRequest(`This subscription cannot be resumed, because it is not paused: its status is ${status}.`)
}
