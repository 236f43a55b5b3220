import type { BillingScope } from '../billing-scope.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { Customer } from '../customer.entity.ts'
import { DEFAULT_PROVIDER } from '../provider.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import { readRecoveries } from './read-recoveries.ts'
import { toSubscriptionView } from './subscription-view.ts'

/**
 * All of a user's subscriptions, newest first, including those that have ended; and the user's customer id at Stripe.
 */
export async function listOwnedSubscriptions(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId }: { accountId: string },
): Promise<{ subscriptions: SubscriptionView[]; stripeCustomerId: string | null }> {
  const customer = await em.findOne(Customer, { account: accountId, provider: DEFAULT_PROVIDER })
  const rows = await em.find(
    Subscription,
    { account: accountId },
    { orderBy: { startedAt: 'desc', id: 'desc' }, populate: ['plan', 'scheduledPlan'] },
  )
  const billingNow = await billing.time.now()
  const recoveries = await readRecoveries(em, rows)
  return {
    subscriptions: rows.map((row) => toSubscriptionView(row, billingNow, billing.settings, recoveries.get(row.id))),
    stripeCustomerId: customer?.providerCustomerId ?? null,
  }
}
