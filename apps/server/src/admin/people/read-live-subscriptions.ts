import { Subscription, toSubscriptionView } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { SubscriptionSummary } from '../people.schemas.ts'

/** Reads the live subscriptions of accounts, by the account's id. */
export async function readLiveSubscriptions(
  { em, billing }: Pick<AdminScope, 'em' | 'billing'>,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionSummary>> {
  if (accountIds.length === 0) return new Map()
  const rows = await em.find(
    Subscription,
    { account: [...accountIds], status: { $ne: 'canceled' } },
    { populate: ['plan', 'scheduledPlan'] },
  )
  const billingNow = await billing.time.now()
  return new Map(
    rows.map((row) => {
      const { plan, ...view } = toSubscriptionView(row, billingNow, billing.settings)
      return [row.account.id, { ...view, planCode: plan.code, planName: plan.name }]
    }),
  )
}
