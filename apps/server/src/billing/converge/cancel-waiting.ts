import { isConfigured } from '../billing-scope.ts'
import { lockedAt, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import type { UpcomingSubscription } from '../upcoming-subscription.entity.ts'
import { convergeCustomer } from './converge-customer.ts'
import { endWait } from './hold-upcoming.ts'

/**
 * Cancels a subscription that is scheduled to start. One that its provider doesn't know, or whose provider is no longer
 * configured, is canceled here only: nothing else would ever end the wait. If it turns up again, it is undone and paid
 * back.
 *
 * @param also.ifBegun cancels it at its provider also if it has begun there. Then it is paid back.
 * @returns whether it was canceled before it began.
 * @throws {PaymentProviderError}
 */
export async function cancelWaiting(
  locked: LockedScope,
  customer: LockedCustomer,
  upcoming: UpcomingSubscription,
  { ifBegun = false }: { ifBegun?: boolean } = {},
): Promise<boolean> {
  const { provider, providerSubscriptionId: id } = upcoming
  const there = isConfigured(locked, provider) ? await lockedAt(locked, customer, provider) : null
  const fetched = await there?.[0].billing.provider.fetchSubscription(id)
  if (!there || !fetched) {
    await endWait(locked, upcoming, 'canceled')
    return true
  }
  const isWaiting = fetched.laterStart?.hasBegun === false
  // If it begins in this very moment, it is paid back.
  if (isWaiting || ifBegun) await there[0].billing.provider.cancel({ subscriptionId: id, at: 'now' })
  await convergeCustomer(...there, { kind: 'subscription', id })
  return isWaiting
}
