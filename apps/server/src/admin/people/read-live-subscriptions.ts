import type { EntityManager } from '@mikro-orm/postgresql'
import { Subscription, toSubscriptionView } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { SubscriptionSummary } from '../people.schemas.ts'

/** All statuses but `canceled`, in SQL. With the list, and not with its opposite, an index finds the few of a plan. */
export const LIVE_STATUSES = "'pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused'"

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

/**
 * The id of a plan, as a value of its own: then PostgreSQL knows how many subscriptions it has.
 *
 * @returns null for an unknown code, undefined for none.
 */
export async function planIdOf(em: EntityManager, code: string | undefined): Promise<string | null | undefined> {
  if (code === undefined) return undefined
  const [row] = await em.execute<{ id: string }[]>('select id from plans where code = ?', [code])
  return row?.id ?? null
}
