import { emit } from '../events/emit.ts'
import { serializeSubscription, updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import { endSubscription } from './end-subscription.ts'
import { paymentMethodFor } from './payment-method.ts'
import { renew } from './renew.ts'

/** Ends a trial: starts the first paid period or, without a card, does what the subscription's `trial_settings` say. */
export function endTrial(account: Account, id: string): void {
  if (endsWithoutCard(account, id)) return
  const { trial_end, trialEndAnchor } = account.subscriptions.get(id)
  const anchored = trialEndAnchor === 'now' && trial_end !== null ? { billing_cycle_anchor: trial_end } : {}
  renew(account, id, { status: 'active', ...anchored })
}

/**
 * Ends or pauses a trialing subscription without a card, if its `trial_settings` say so.
 *
 * @returns whether it did.
 */
export function endsWithoutCard(account: Account, id: string): boolean {
  const subscription = account.subscriptions.get(id)
  const { customer, collection_method, missing_payment_method } = subscription
  const card = paymentMethodFor(account, { customer, subscription: id, default_payment_method: null })
  if (card !== null || collection_method !== 'charge_automatically' || missing_payment_method === 'create_invoice')
    return false
  if (missing_payment_method === 'cancel') {
    endSubscription(account, id)
    return true
  }
  const paused = { reason: 'trial_end_without_payment_method' as const, at: account.nowOf(customer) }
  const row = updateSubscription(account, id, { status: 'paused', paused })
  emit(account, 'customer.subscription.paused', serializeSubscription(account, row))
  return true
}
