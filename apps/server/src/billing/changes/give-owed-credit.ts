import { atProvider, type BillingScope } from '../billing-scope.ts'
import { GiveOwedCredit } from '../billing.queues.ts'
import { underLock } from '../customers/under-lock.ts'
import { followRefunds, refundsToLeave } from '../payments/refused-refunds.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Gives the credit that a plan change owes, if the call that made the change failed before giving it. The job is retried
 * until it succeeds. What was paid twice is refunded, too. If the provider refuses that, another job retries it, and a
 * finding says so.
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
  const { account, provider } = subscription
  await underLock(atProvider(scope, provider), account.id, async (locked) => {
    const leaves = await refundsToLeave(locked, account.id)
    const paidBack = await locked.billing.provider.giveOwedCredit(id, { leaves })
    const tryAgain = (startAfter: Date) =>
      locked.jobs.send(locked.em, GiveOwedCredit, { subscriptionId }, { startAfter })
    await followRefunds(locked, account.id, { ...paidBack, tryAgain })
  })
}
