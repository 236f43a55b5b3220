import { AccountNotOpen } from '../../accounts/index.ts'
import { plannedEnd } from '../access/planned-end.ts'
import type { BillingScope } from '../billing-scope.ts'
import { NotCanceling } from '../billing.errors.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { manualProvider } from '../providers/manual/manual.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveSubscription } from '../subscriptions/live-subscription.ts'
import { lockSubscription } from '../subscriptions/lock-subscription.ts'
import { reloadSubscriptionView } from '../subscriptions/reload-subscription-view.ts'
import { refuseWhileSwitching } from '../subscriptions/upcoming-subscription.ts'

/**
 * Undoes the cancellation of the user's subscription, before its end. The end may be after the current period.
 *
 * @throws {AccountNotOpen} if the account was closed since the call began.
 * @throws {SwitchPending} while another plan is scheduled to start.
 * @throws {NoSubscription}
 * @throws {NotCanceling} also when the subscription has ended.
 * @throws {PaymentProviderError}
 */
export async function resumeSubscription(
  scope: BillingScope,
  { accountId }: { accountId: string },
): Promise<SubscriptionView> {
  const { id, isResumed } = await underLock(scope, accountId, async (locked, customer) => {
    const { em, billing } = locked
    if (!customer.isAccountOpen) throw new AccountNotOpen()
    await refuseWhileSwitching(em, accountId)
    const subscription = await liveSubscription(em, accountId)
    const { providerSubscriptionId } = subscription
    const end = plannedEnd(subscription)
    if (!end || end <= (await billing.time.now())) throw new NotCanceling()
    if (!providerSubscriptionId || (await isElsewhere(locked, subscription))) {
      await lockSubscription(em, subscription)
      if (!subscription.isLive()) throw new NotCanceling()
      manualProvider.resume(subscription)
      return { id: subscription.id, isResumed: true }
    }
    const [there, customerThere] = await lockedAt(locked, customer, subscription.provider)
    const isResumed = await there.billing.provider.resume(providerSubscriptionId)
    await convergeCustomer(there, customerThere, { kind: 'subscription', id: providerSubscriptionId })
    return { id: subscription.id, isResumed }
  })
  // Thrown after the commit, so that our row keeps what the provider said about the end.
  if (!isResumed) throw new NotCanceling()
  return reloadSubscriptionView(scope, id)
}
