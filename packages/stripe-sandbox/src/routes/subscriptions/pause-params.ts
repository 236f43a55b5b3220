import { obstacleToPause, obstacleToResumption, type PauseOptions } from '../../billing/pause-subscription.ts'
import { invalidRequest } from '../../http/errors.ts'
import { hash, oneOf, required, type ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
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

/**
 * @throws {StripeApiError} 400 for a subscription that has a schedule, or that can't be paused as it is.
 * @see https://docs.stripe.com/billing/subscriptions/pause#limitations
 */
export function checkPausable(subscription: SubscriptionRow): void {
  if (subscription.schedule !== null)
    throw invalidRequest('You cannot pause a subscription that has a schedule attached.')
  const obstacle = obstacleToPause(subscription)
  if (obstacle !== null) throw invalidRequest(obstacle)
}

/**
 * Checks that a subscription can be resumed.
 *
 * @throws {StripeApiError} 400 for a subscription that is not paused, or whose invoices are sent.
 * @throws {StripeApiError} 400 if an earlier attempt to resume it waits for its payment.
 */
export function checkPaused(account: Account, subscription: SubscriptionRow, payment_behavior?: string): void {
  const obstacle = obstacleToResumption(account, subscription)
  if (obstacle !== null) throw invalidRequest(obstacle)
  if (subscription.billing_mode === 'classic' && payment_behavior === 'resume_on_payment_success')
    throw invalidRequest('You can only use `resume_on_payment_success` with the `flexible` billing mode.', {
      param: 'payment_behavior',
    })
}
