import { convergeCustomer } from '../converge/converge-customer.ts'
import { lockedAt, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import { queueSubscriptionMail } from '../mails/queue-subscription-mail.ts'
import { manualProvider } from '../providers/manual/manual.ts'
import type { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { lockSubscription } from '../subscriptions/lock-subscription.ts'

/**
 * Ends a live subscription at its period's end or now, at the provider and here. A scheduled change is dropped.
 *
 * @throws {PaymentProviderError}
 */
export async function endSubscription(
  locked: LockedScope,
  customer: LockedCustomer,
  subscription: Subscription,
  at: 'period_end' | 'now',
): Promise<void> {
  const { time } = locked.billing
  const { providerSubscriptionId: subscriptionId } = subscription
  if (subscriptionId && !(await isElsewhere(locked, subscription))) {
    const itemId = subscription.providerItemId ?? null
    const [there, customerThere] = await lockedAt(locked, customer, subscription.provider)
    await there.billing.provider.cancel(at === 'now' ? { subscriptionId, at } : { subscriptionId, at, itemId })
    await convergeCustomer(there, customerThere, { kind: 'subscription', id: subscriptionId })
    return
  }
  const billingNow = await time.now()
  await lockSubscription(locked.em, subscription)
  // Our row is the only record of a grant, and the only one that we can reach of a subscription in another account.
  // The sweep has ended it in the meantime.
  if (!subscription.isLive()) return
  const isOver = subscription.currentPeriodEnd <= billingNow
  manualProvider.cancel(subscription, { at: isOver ? 'now' : at, billingNow })
  // Stripe's events trigger the mail for paid subscriptions. Grants have no events, so queue it here.
  if (subscription.isLive()) {
    await queueSubscriptionMail(locked, subscription, 'subscription-will-cancel', billingNow.toISOString())
  } else await queueCanceledMail(locked, subscription)
}
