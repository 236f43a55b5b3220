import { User } from '../auth/index.ts'
import type { BillingScope } from './billing-scope.ts'
import { ExpireCheckouts } from './billing.queues.ts'
import { PROVIDER_CALLS } from './billing.settings.ts'
import { endSubscription } from './end-subscription.ts'
import { lockCustomer } from './lock-customer.ts'
import { Subscription } from './subscription.entity.ts'

/**
 * What billing does when an account is closed: a running subscription ends at its period's end, what is not paid yet is
 * never collected, open payment pages are closed. An account that is open again by now is left alone.
 *
 * @throws {PaymentProviderError} and is tried again.
 */
export async function closeAccount(scope: BillingScope, { userId }: { userId: string }): Promise<void> {
  const closed = await scope.em.count(User, { id: userId, isActive: false })
  if (closed === 0) return
  await scope.billing.provider.within(PROVIDER_CALLS, () =>
    scope.em.transactional(async (em) => {
      const locked = { ...scope, em }
      const customer = await lockCustomer(locked, { userId })
      await scope.jobs.send(em, ExpireCheckouts, { customerId: customer.id })
      const live = await em.findOne(Subscription, { user: userId, status: { $ne: 'canceled' } })
      // Asked of the provider even if our row says that it is ending: taking that back may not have arrived here yet.
      if (live?.providerSubscriptionId) await scope.billing.provider.stopCollecting(live.providerSubscriptionId)
      if (live?.providerSubscriptionId || live?.cancelAtPeriodEnd === false)
        await endSubscription(locked, customer, live, 'period_end')
    }),
  )
}
