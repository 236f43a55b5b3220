import type { BillingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Gives the credit that a change in place has promised and that nobody has given: whoever asked for the change got no
 * answer, and need not ask again. Under the customer's lock, or it could take the note of the next change for this one's.
 *
 * @throws {PaymentProviderError} and is tried again until done.
 */
export async function giveOwedCredit(
  scope: BillingScope,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  const subscription = await scope.em.findOne(Subscription, { id: subscriptionId })
  const id = subscription?.providerSubscriptionId
  if (!id) return
  await underLock(scope, subscription.user.id, ({ billing }) => billing.provider.giveOwedCredit(id))
}
