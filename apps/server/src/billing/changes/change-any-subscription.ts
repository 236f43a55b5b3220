import type { AuditActor } from '../../platform/audit/audit.ts'
import type { CallingScope } from '../billing-scope.ts'
import { NoSubscription, SubscriptionNotFound } from '../billing.errors.ts'
import type { ChangePreview, SubscriptionView } from '../billing.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import type { ChangeAnySubscriptionInput, PreviewAnyChangeInput } from '../support.schemas.ts'
import { changePlan } from './change-plan.ts'
import { previewChange } from './preview-change.ts'

/**
 * Changes the plan of any customer, for an admin, when the admin says. Everything else is as in the customer's own change.
 *
 * @throws {SubscriptionNotFound}
 * @throws {NoSubscription} if it has ended.
 * @throws what `changePlan` throws.
 */
export async function changeAnySubscription(
  scope: CallingScope,
  actor: AuditActor,
  { id, at, ...wanted }: ChangeAnySubscriptionInput,
): Promise<SubscriptionView> {
  const accountId = await accountOf(scope, id)
  return changePlan(scope, { ...wanted, accountId, ordered: { at }, actor })
}

/**
 * What `changeAnySubscription` would cost now, computed by the provider. For ten minutes the change can be made for
 * exactly this amount.
 *
 * @throws {SubscriptionNotFound}
 * @throws {NoSubscription} if it has ended.
 * @throws what `previewChange` throws.
 */
export async function previewAnyChange(
  scope: CallingScope,
  { id, at, ...wanted }: PreviewAnyChangeInput,
): Promise<ChangePreview> {
  const accountId = await accountOf(scope, id)
  return previewChange(scope, { ...wanted, accountId, ordered: { at } })
}

async function accountOf({ em }: CallingScope, id: string): Promise<string> {
  const subscription = await em.findOne(Subscription, { id })
  if (!subscription) throw new SubscriptionNotFound()
  // The account may have another subscription today, which is not meant.
  if (!subscription.isLive()) throw new NoSubscription()
  return subscription.account.id
}
