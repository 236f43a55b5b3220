import { atProvider, type BillingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Gives the credit that a plan change owes, if the call that made the change failed before giving it. The job is retried
 * until it succeeds.
 *
 * The amount is in the subscription's metadata at Stripe (`credit_key`, `credit_cents`). Without the customer's
 * lock, the next change could overwrite it in the meantime.
 *
 * @throws {PaymentProviderError}
 */
export async function giveOwedCredit(
  scope: BillingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId })
  const id = subscription?.providerSubscriptionId
  if (!id) return
  await underLock(atProvider(scope, subscription.provider), subscription.account.id, ({ billing }) =>
    billing.provider.giveOwedCredit(id),
  )
}
