import { emit } from '../events/emit.ts'
import { serializeSubscription, updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import { endSubscription } from './end-subscription.ts'
import { paymentMethodFor } from './payment-method.ts'
import { renew } from './renew.ts'

/** A trial has run out: the first paid period begins, or without a card what the subscription's `trial_settings` say. */
export function endTrial(account: Account, id: string): void {
  const subscription = account.subscriptions.get(id)
  const card = paymentMethodFor(account, {
    customer: subscription.customer,
    subscription: id,
    default_payment_method: null,
  })
  if (card === null && subscription.collection_method === 'charge_automatically') {
    if (subscription.missing_payment_method === 'cancel') {
      endSubscription(account, id)
      return
    }
    if (subscription.missing_payment_method === 'pause') {
      const at = account.nowOf(subscription.customer)
      const row = updateSubscription(account, id, {
        status: 'paused',
        paused: { reason: 'trial_end_without_payment_method', at },
      })
      emit(account, 'customer.subscription.paused', serializeSubscription(account, row))
      return
    }
  }
  renew(account, id, { status: 'active' })
}
