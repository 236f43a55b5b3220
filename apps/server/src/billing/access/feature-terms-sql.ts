import { SECOND } from '../../platform/durations.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import { accessReason, GRANTED } from './access-sql.ts'
import { IS_BILLED } from './is-billed.ts'

/** Expressions for what {@link selectFeatureTerms} depends on. */
interface TermsValues {
  readonly accountId: string
  readonly feature: string
  /** The billing time. */
  readonly now: string
  /** In seconds. */
  readonly renewalLeeway: string
  readonly pastDueGrace: string
}

/** What {@link selectFeatureTerms} selects, as `pg` reads it. */
export interface FeatureTermsRow {
  /** Null for any amount, 0 for none. */
  limit: string | null
  /** How the plan counts. */
  plan_per: 'period' | 'month' | 'day' | 'total'
  /** The window that is open now. It is a month where there is no billing period. */
  per: 'period' | 'month' | 'day' | 'total'
  starts_at: string
  /** Null for never. */
  ends_at: string | null
  /** Whether more than the limit may be used, because it is billed. */
  is_billed_above: boolean
  /** Whether an override says so, and not a plan. */
  is_overridden: boolean
  /** Whether any plan has the feature, or any account an override of it. */
  is_known: boolean
}

/** The values of the two last expressions. */
export const policyValues = ({ renewalLeeway, pastDueGrace }: AccessPolicy): number[] => [
  ...[renewalLeeway / SECOND, pastDueGrace / SECOND],
]

/**
 * Selects how much of one feature an account may use, and the window in which it counts: {@link FeatureTermsRow}. A
 * closed account has no row.
 *
 * It is SQL so that a use is counted in the statement that finds out whether it may be. `entitlementsOfRow` says the same
 * for reading, which a test compares. Without `offset 0`, PostgreSQL would compute a subquery again for each use of its
 * columns.
 */
export const selectFeatureTerms = ({ accountId, feature, now, renewalLeeway, pastDueGrace }: TermsValues): string => `
  select granted."limit", granted.per as plan_per, counted.per, is_known,
    case counted.per
      when 'period' then date_trunc('milliseconds', s.current_period_start)
      when 'total' then 'epoch'::timestamptz
      else date_trunc(counted.per, ${now}::timestamptz, 'UTC') end as starts_at,
    case counted.per
      when 'period' then date_trunc('milliseconds', s.current_period_end)
      when 'month' then (date_trunc('month', ${now}::timestamptz at time zone 'UTC') + interval '1 month') at time zone 'UTC'
      when 'day' then date_trunc('day', ${now}::timestamptz, 'UTC') + interval '24 hours' end as ends_at,
    access.is_granted and o.id is null and granted.per = 'period' and coalesce(${IS_BILLED(feature)}, false)
      as is_billed_above,
    o.id is not null as is_overridden
  from accounts account
    left join users person on person.id = account.id
    left join subscriptions s on s.account_id = account.id and s.status <> 'canceled'
    left join plans p on p.id = s.plan_id
    left join entitlement_overrides o
      on o.account_id = account.id and o.feature = ${feature} and (o.until is null or o.until > ${now})
    cross join lateral (
      select p.id is not null and ${accessReason({ now, renewalLeeway, pastDueGrace })} in (${GRANTED}) as is_granted offset 0
    ) access
    cross join lateral (
      select case when o.id is not null then o.value when access.is_granted then p.features -> ${feature} else (
          select free.features -> ${feature} from plans free where free.status = 'active' and free.tier = 'free'
          order by free.price_cents, free.sort_order, free.code limit 1
        ) end as value offset 0
    ) allowed
    cross join lateral (
      select case when allowed.value = 'true' then null when jsonb_typeof(allowed.value) = 'object'
          then (allowed.value ->> 'limit')::bigint else 0 end as "limit",
        case when jsonb_typeof(allowed.value) = 'object' then allowed.value ->> 'per' else 'total' end as per offset 0
    ) granted
    cross join lateral (
      select case when granted.per = 'period' and not access.is_granted then 'month' else granted.per end as per
    ) counted
    cross join lateral (
      select coalesce(p.features ? ${feature}, false)
        or exists (select from plans any_plan where any_plan.features ? ${feature} and any_plan.status <> 'draft')
        or exists (select from entitlement_overrides any_override where any_override.feature = ${feature}) as is_known
    ) known
  where account.id = ${accountId} and account.closed_at is null and coalesce(person.is_active, true)`
