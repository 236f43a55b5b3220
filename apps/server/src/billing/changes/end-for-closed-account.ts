import type { EntityManager } from '@mikro-orm/postgresql'
import { isAccountOpen } from '../../accounts/index.ts'
import type { BillingScope } from '../billing-scope.ts'
import { ExpireCheckouts } from '../billing.queues.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { endSubscription } from './end-subscription.ts'

/**
 * Ends billing for a closed account. Its running subscriptions end with the period that was paid, open invoices are never
 * collected, and open checkout pages expire. An account that was reopened is left alone. The job is retried until it
 * succeeds.
 *
 * @throws {PaymentProviderError}
 */
export async function endForClosedAccount(scope: BillingScope, { accountId }: { accountId: string }): Promise<void> {
  if (await isAccountOpen(scope.em, accountId)) return
  await underLock(scope, accountId, async (locked, customer) => {
    const { em, jobs } = locked
    const { provider } = locked.billing
    await jobs.send(em, ExpireCheckouts, { customerId: customer.id })
    const live = await em.findOne(Subscription, liveOf(accountId))
    // Done even if our row says that it is set to cancel: it may have been resumed at the provider a moment ago.
    const isReachable = live !== null && !(await isElsewhere(locked, live))
    const id = isReachable ? live.providerSubscriptionId : null
    // Otherwise a reopened account would get an unpaid period for free, because voided invoices are not debts.
    const isPaid = !id || (await provider.isPeriodPaid(id))
    if (id) await provider.stopCollecting(id)
    if (live && (id || !live.cancelAtPeriodEnd))
      await endSubscription(locked, customer, live, isPaid ? 'period_end' : 'now')
    await endOthers(locked, customer, id)
    for (const ended of await endedWithDebts(em, accountId)) await provider.stopCollecting(ended)
  })
}

/** The provider's ids of subscriptions that have ended and have an invoice that could still be paid. */
async function endedWithDebts(em: EntityManager, account: string): Promise<Set<string>> {
  const unpaid = await em.find(
    Payment,
    { account, status: { $in: ['pending', 'requires_action', 'failed'] }, subscription: { status: 'canceled' } },
    { populate: ['subscription'] },
  )
  return new Set(unpaid.flatMap(({ subscription }) => subscription?.$.providerSubscriptionId ?? []))
}

/** Ends what an operator made at the provider beside the live subscription. It has no row here. */
async function endOthers(
  { billing: { provider } }: LockedScope,
  { providerCustomerId }: LockedCustomer,
  liveId: string | null | undefined,
): Promise<void> {
  if (!providerCustomerId) return
  for (const { id, isFromCheckout } of await provider.fetchSubscriptions(providerCustomerId)) {
    // What was bought on our checkout page is undone when it is converged.
    if (id === liveId || isFromCheckout) continue
    const isPaid = await provider.isPeriodPaid(id)
    await provider.stopCollecting(id)
    await provider.cancel({ subscriptionId: id, at: isPaid ? 'period_end' : 'now', itemId: null })
  }
}
