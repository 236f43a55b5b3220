import type { EntityManager } from '@mikro-orm/postgresql'
import { User } from '../../auth/index.ts'
import type { BillingScope } from '../billing-scope.ts'
import { ExpireCheckouts } from '../billing.queues.ts'
import { underLock } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { endSubscription } from './end-subscription.ts'

/**
 * What billing does when an account is closed: a running subscription ends at the end of the period that was paid, what
 * is not paid yet is never collected, open payment pages are closed. An account that is open again by now is left alone.
 *
 * @throws {PaymentProviderError} and is tried again.
 */
export async function endForClosedAccount(scope: BillingScope, { userId }: { userId: string }): Promise<void> {
  const closed = await scope.em.count(User, { id: userId, isActive: false })
  if (closed === 0) return
  await underLock(scope, userId, async (locked, customer) => {
    const { em, jobs } = locked
    const { provider } = locked.billing
    await jobs.send(em, ExpireCheckouts, { customerId: customer.id })
    const live = await em.findOne(Subscription, liveOf(userId))
    // Asked of the provider even if our row says that it is ending: taking that back may not have arrived here yet.
    const id = live?.providerSubscriptionId
    // Or whoever has his account opened again would have a period that he never paid: a void invoice is no debt.
    const isPaid = !id || (await provider.isPeriodPaid(id))
    if (id) await provider.stopCollecting(id)
    if (live && (id || !live.cancelAtPeriodEnd))
      await endSubscription(locked, customer, live, isPaid ? 'period_end' : 'now')
    for (const ended of await endedWithDebts(em, userId)) await provider.stopCollecting(ended)
  })
}

/** Subscriptions that have ended with a bill that could still be paid. */
async function endedWithDebts(em: EntityManager, user: string): Promise<Set<string>> {
  const unpaid = await em.find(
    Payment,
    { user, status: { $in: ['pending', 'requires_action', 'failed'] }, subscription: { status: 'canceled' } },
    { populate: ['subscription'] },
  )
  return new Set(unpaid.flatMap(({ subscription }) => subscription?.$.providerSubscriptionId ?? []))
}
