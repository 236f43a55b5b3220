import { invalidRequest } from '../../http/errors.ts'
import type { SubscriptionRow } from '../../state/rows/subscription.ts'

const ALWAYS_EDITABLE = new Set(['metadata', 'cancellation_details'])

/**
 * Checks that a subscription's status and schedule allow an update of these parameters.
 *
 * @throws {StripeApiError} 400 if they don't.
 */
export function checkEditable(old: SubscriptionRow, params: object): void {
  const requested = Object.keys(params).filter((key) => !ALWAYS_EDITABLE.has(key))
  if (old.status === 'canceled' && requested.length > 0) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.', {
      code: 'invalid_canceled_subscription_fields',
    })
  }
  if (old.status === 'incomplete_expired' && requested.length > 0)
    throw invalidRequest('You cannot update a subscription in `incomplete_expired` status.')
  if (
    old.status === 'incomplete' &&
    ['items', 'trial_end', 'billing_cycle_anchor'].some((key) => requested.includes(key))
  ) {
    throw invalidRequest(
      'You cannot update a subscription in `incomplete` status in this way. Only its metadata and payment method can be changed.',
    )
  }
  if (old.schedule !== null && ['cancel_at', 'cancel_at_period_end'].some((key) => requested.includes(key))) {
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${old.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
      { param: requested.includes('cancel_at') ? 'cancel_at' : 'cancel_at_period_end' },
    )
  }
}
