import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { BillingScope } from '../billing-scope.ts'
import { SubscriptionNotFound } from '../billing.errors.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { underLock } from '../customers/under-lock.ts'
import { Subscription } from '../subscription.entity.ts'
import { toSubscriptionView } from '../subscriptions/subscription-view.ts'
import type { CancelAnySubscriptionInput } from '../support.schemas.ts'
import { endSubscription } from './end-subscription.ts'

/**
 * Cancels any user's subscription, for an admin. A subscription that has ended, or is set to cancel already, stays as
 * it is, so a repeat after a failure finishes the job. Nothing is paid back: that is a refund.
 *
 * @throws {SubscriptionNotFound}
 * @throws {PaymentProviderError}
 */
export async function cancelAnySubscription(
  scope: BillingScope,
  actor: AuditActor,
  { id, at }: CancelAnySubscriptionInput,
): Promise<SubscriptionView> {
  const { time, settings } = scope.billing
  const known = await scope.em.findOne(Subscription, { id })
  if (!known) throw new SubscriptionNotFound()

  return underLock(scope, known.account.id, async (locked, customer) => {
    const { em } = locked
    const read = async () =>
      em.findOneOrFail(Subscription, { id }, { refresh: true, populate: ['plan', 'scheduledPlan'] })
    const subscription = await read()
    const billingNow = await time.now()
    const before = toSubscriptionView(subscription, billingNow, settings)
    const isDone = at === 'now' ? !subscription.isLive() : !subscription.isLive() || subscription.cancelAtPeriodEnd
    if (!isDone) await endSubscription(locked, customer, subscription, at)
    await em.flush()
    const after = toSubscriptionView(await read(), billingNow, settings)
    recordAudit(locked, actor, {
      action: 'subscription.cancel',
      targetType: 'subscription',
      targetId: id,
      before,
      after,
    })
    return after
  })
}
