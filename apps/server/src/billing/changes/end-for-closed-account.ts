import type { EntityManager } from '@mikro-orm/postgresql'
import { isAccountOpen } from '../../accounts/index.ts'
import { isConfigured, type BillingScope } from '../billing-scope.ts'
import { ExpireCheckouts } from '../billing.queues.ts'
import { cancelWaiting } from '../converge/cancel-waiting.ts'
import { reportUnknown } from '../converge/report-unknown.ts'
import { Customer } from '../customer.entity.ts'
import { lockedAt, underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'
import { endSubscription } from './end-subscription.ts'

/**
 * Ends billing for a closed account. Its running subscriptions end with the period that was paid, open invoices are never
 * collected, and open checkout pages expire. An account that was reopened is left alone. The job is retried until it
 * succeeds.
 *
 * What lives at a provider that is not configured any more is reported instead: waiting would help no one, and the others
 * must not wait for it. The reconciler and the recheck find it again once the provider is configured, and end it.
 *
 * @throws {PaymentProviderError}
 */
export async function endForClosedAccount(scope: BillingScope, { accountId }: { accountId: string }): Promise<void> {
  if (await isAccountOpen(scope.em, accountId)) return
  await underLock(scope, accountId, async (locked, customer) => {
    const { em, jobs } = locked
    await jobs.send(em, ExpireCheckouts, { customerId: customer.id })
    const live = await em.findOne(Subscription, liveOf(accountId))
    if (live && (await checkConfigured(locked, live))) {
      await endLive(await lockedAt(locked, customer, live.provider), live)
    }
    // Nothing was paid for it yet.
    const upcoming = await findUpcoming(em, accountId)
    if (upcoming && (await checkConfigured(locked, upcoming))) {
      await cancelWaiting(locked, customer, upcoming, { ifBegun: true })
    }
    for (const { provider } of await em.find(Customer, { account: accountId }, { orderBy: { id: 'asc' } })) {
      if (isConfigured(locked, provider)) await endOthers(await lockedAt(locked, customer, provider), live)
    }
  })
}

/** Checks whether the provider is configured. If not, the provider keeps charging, so operators get a finding. */
async function checkConfigured(
  locked: LockedScope,
  {
    account,
    provider,
    providerSubscriptionId: id,
  }: Pick<Subscription, 'account' | 'provider' | 'providerSubscriptionId'>,
): Promise<boolean> {
  if (isConfigured(locked, provider)) return true
  if (id) await reportUnknown(locked, { accountId: account.id, id, why: NOT_CONFIGURED })
  return false
}

const NOT_CONFIGURED = 'the account is closed, and the provider that charges for it is not configured'

async function endLive([locked, customer]: [LockedScope, LockedCustomer], live: Subscription): Promise<void> {
  const { provider } = locked.billing
  // Done even if our row says that it is set to cancel: it may have been resumed at the provider a moment ago.
  const id = !(await isElsewhere(locked, live)) ? live.providerSubscriptionId : null
  // Otherwise a reopened account would get an unpaid period for free, because voided invoices are not debts.
  const isPaid = !id || (await provider.isPeriodPaid(id))
  if (id) await provider.stopCollecting(id)
  if (id || !live.cancelAtPeriodEnd) await endSubscription(locked, customer, live, isPaid ? 'period_end' : 'now')
}

/**
 * Ends what an operator made at a provider beside the live subscription, which has no row here. And keeps what has
 * ended from being paid.
 */
async function endOthers(
  [{ em, billing }, { account, providerCustomerId }]: [LockedScope, LockedCustomer],
  live: Subscription | null,
): Promise<void> {
  const { provider } = billing
  for (const { id, isFromCheckout } of providerCustomerId
    ? await provider.fetchSubscriptions(providerCustomerId)
    : []) {
    // What was bought on our checkout page is undone when it is converged.
    if (id === live?.providerSubscriptionId || isFromCheckout) continue
    const isPaid = await provider.isPeriodPaid(id)
    await provider.stopCollecting(id)
    await provider.cancel({ subscriptionId: id, at: isPaid ? 'period_end' : 'now', itemId: null })
  }
  for (const ended of await endedWithDebts(em, { account: account.id, provider: provider.name })) {
    await provider.stopCollecting(ended)
  }
}

/** A provider's ids of subscriptions that have ended and have an invoice that could still be paid. */
async function endedWithDebts(
  em: EntityManager,
  of: { account: string; provider: Customer['provider'] },
): Promise<Set<string>> {
  const unpaid = await em.find(
    Payment,
    { ...of, status: { $in: ['pending', 'requires_action', 'failed'] }, subscription: { status: 'canceled' } },
    { populate: ['subscription'] },
  )
  return new Set(unpaid.flatMap(({ subscription }) => subscription?.$.providerSubscriptionId ?? []))
}
