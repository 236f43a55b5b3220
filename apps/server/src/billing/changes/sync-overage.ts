import { atProvider, type CallingScope } from '../billing-scope.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { canChangeOverage } from '../converge/converge-overage.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { findOveragePrices, isAsPlanned, keptOverage } from '../metering/overage-items.ts'
import { reportOverage } from '../metering/report-overage.ts'
import { Plan } from '../plan.entity.ts'
import { isSoldAs } from '../plans/choose-offer.ts'
import { ensureOverage } from '../plans/ensure-overage.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'

/**
 * Makes the overage prices of an account's subscription at the provider those of its plan. The job is retried until it
 * succeeds.
 *
 * The prices are made before the lock is taken. If the plan is another one by then, its own convergence sends this job
 * again.
 *
 * @throws {PaymentProviderError}
 */
export async function syncOverage(caller: CallingScope, { accountId }: { accountId: string }): Promise<void> {
  const found = await caller.em.findOne(Subscription, liveOf(accountId), { populate: ['plan'], refresh: true })
  const id = found?.providerSubscriptionId
  if (!id || found.provider === 'manual' || (await isElsewhere(caller, found))) return
  const plan = found.plan.$
  // A subscription in another currency or interval, which an operator made, keeps what it has.
  const offer = plan.offers().find((candidate) => candidate.provider === found.provider && isSoldAs(found, candidate))
  if (!offer) return
  // Before prices leave the subscription.
  if (found.overage) await reportOverage(caller, { subscriptionId: found.id })
  const ensured = await ensureOverage(atProvider(caller, offer.provider), plan, offer)
  await underLock(caller, accountId, async (held, customerHere) => {
    const [locked, customer] = await lockedAt(held, customerHere, offer.provider)
    const { em, billing } = locked
    if (!customer.isAccountOpen) return
    const changed = { kind: 'subscription', id } as const
    const converged = await convergeCustomer(locked, customer, changed, { syncsOverage: true })
    if (!converged?.subscription.isLive() || converged.subscription.plan.id !== plan.id) return
    if (!canChangeOverage(converged.fetched.status)) return
    const present = await findOveragePrices(em, converged.fetched)
    const current = await em.findOneOrFail(Plan, plan.id)
    const of = { plan: current, billingPeriod: converged.subscription.billingPeriod }
    if (of.billingPeriod !== offer.billingPeriod || isAsPlanned(present, of)) return
    await billing.provider.setOverage({ subscriptionId: id, overage: keptOverage(present, of, ensured) })
    await convergeCustomer(locked, customer, changed, { syncsOverage: true })
  })
}
