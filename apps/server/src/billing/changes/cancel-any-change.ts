import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { NoSubscription, ProviderUnsupported, SubscriptionNotFound } from '../billing.errors.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock } from '../customers/under-lock.ts'
import { planPriceIds } from '../plans/plan-price-ids.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { reloadSubscriptionView } from '../subscriptions/reload-subscription-view.ts'

/**
 * Drops the scheduled plan change of any subscription, for an admin: the present plan goes on. Without one, nothing
 * changes, so a repeat after a failure finishes the job.
 *
 * @throws {SubscriptionNotFound}
 * @throws {NoSubscription} if it has ended.
 * @throws {ProviderUnsupported} if it is in another account of its provider.
 * @throws {PaymentProviderError}
 */
export async function cancelAnyChange(
  caller: CallingScope,
  actor: AuditActor,
  { id }: { id: string },
): Promise<SubscriptionView> {
  const known = await caller.em.findOne(Subscription, { id })
  if (!known) throw new SubscriptionNotFound()
  const { providerSubscriptionId: subscriptionId } = known
  if (!known.isLive()) throw new NoSubscription()
  // A grant never has a scheduled change.
  if (!subscriptionId) return reloadSubscriptionView(caller, id)
  if (await isElsewhere(caller, known)) throw new ProviderUnsupported()
  await underLock(atProvider(caller, known.provider), known.account.id, async (locked, customer) => {
    const subject = { kind: 'subscription', id: subscriptionId } as const
    const read = async () =>
      locked.em.findOneOrFail(Subscription, { id }, { refresh: true, populate: ['scheduledPlan'] })
    // It may have been scheduled or dropped at the provider, and no event has told us yet.
    await convergeCustomer(locked, customer, subject)
    const { scheduledPlan, scheduledAt = null, providerItemId = null } = await read()
    if (!scheduledPlan) return
    const plan = { subscriptionId, itemId: providerItemId, planPriceIds: await planPriceIds(locked.em) }
    await locked.billing.provider.dropScheduledChange(plan)
    await convergeCustomer(locked, customer, subject)
    recordAudit(locked, actor, {
      ...{ action: 'subscription.cancel_change', targetType: 'subscription', targetId: id, after: null },
      before: { planCode: scheduledPlan.$.code, at: scheduledAt?.toISOString() ?? null },
    })
  })
  return reloadSubscriptionView(caller, id)
}
