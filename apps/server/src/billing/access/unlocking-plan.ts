import type { EntityManager } from '@mikro-orm/postgresql'
import { listAccountsOfOwners } from '../../accounts/index.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { FeatureLimit } from '../feature.schemas.ts'
import { accessReasonSql, GRANTED } from './access-sql.ts'
import { DEFAULT_RANKS } from './tiers.ts'

/** What a denial says: the plan that would allow it. */
export type UnlockedBy = { planCode: string } | null

interface Wanted {
  readonly accountId: string
  readonly feature: string
  /** How much would have to fit. */
  readonly amount: number
  /** What is used of it, and how the account's plan counts. A plan that counts in another way begins at 0. */
  readonly used: number
  readonly per: FeatureLimit['per']
}

/**
 * Finds the cheapest plan on sale that would allow an amount of a feature. Plans in the currency that the account pays
 * in come first.
 *
 * With an overage a plan allows any amount. But a trial is not billed: it goes on after a change of plan, and a plan that
 * is bought in place of a grant may begin with one. An account that has the plan already is denied for a reason that
 * buying it does not change.
 *
 * @returns null if none would.
 */
export async function planUnlocking(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId, feature, amount, used, per }: Wanted,
): Promise<UnlockedBy> {
  const reason = accessReasonSql(await billing.time.now(), billing.settings)
  const isBilled = `p.features -> ? -> 'overage' is not null
    and (p.id is distinct from s.plan_id or ${reason.sql} not in (${GRANTED}))
    and s.status is distinct from 'trialing' and (p.trial_days = 0 or s.provider <> 'manual'
      or exists (select from customers c where c.account_id = any(?::uuid[]) and c.trial_used_at is not null))`
  const trialled = [accountId, ...(await listAccountsOfOwners(em, accountId))]
  return cheapest(
    em,
    [...billing.providers.keys()],
    accountId,
    `(p.features -> ? = 'true' or p.features -> ? -> 'limit' = 'null'
      or (p.features -> ? ->> 'limit')::bigint >= ?::bigint + case when p.features -> ? ->> 'per' = ? then ?::bigint else 0 end
      or ${isBilled})`,
    [...[feature, feature, feature, amount, feature, per, used], feature, ...reason.values, `{${trialled.join(',')}}`],
  )
}

/**
 * Finds the cheapest plan on sale whose tier has at least this rank.
 *
 * @returns null if there is none.
 */
export async function planOfRank(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId, rank }: { accountId: string; rank: number },
): Promise<UnlockedBy> {
  const hasRank = 'coalesce((?::jsonb ->> p.tier)::int, p.tier_rank, 0) >= ?'
  return cheapest(em, [...billing.providers.keys()], accountId, hasRank, [DEFAULT_RANKS, rank])
}

/** Compares every price: an account that pays in a currency buys the plan at its price in that currency. */
async function cheapest(
  em: EntityManager,
  providers: readonly string[],
  accountId: string,
  condition: string,
  values: readonly unknown[],
): Promise<UnlockedBy> {
  const configured = `{${providers.join(',')}}`
  const [plan] = await em.execute<{ planCode: string }[]>(
    `select p.code as "planCode" from plans p
       cross join lateral (
         select p.currency, p.price_cents, p.billing_period, p.provider
         union all
         select further.currency, further."priceCents", further."billingPeriod", further.provider
         from jsonb_to_recordset(p.further_prices) as further
           (currency text, "priceCents" int, "billingPeriod" text, provider text)
       ) as price (currency, cents, period, provider)
       left join subscriptions s on s.account_id = ? and s.status <> 'canceled'
     where p.status = 'active' and p.provider = any(?::text[]) and price.provider = any(?::text[]) and ${condition}
     order by price.currency is distinct from coalesce(s.currency, p.currency),
       price.cents / case price.period when 'yearly' then 12.0 else 1 end, p.sort_order, p.code
     limit 1`,
    [accountId, configured, configured, ...values],
  )
  return plan ?? null
}
