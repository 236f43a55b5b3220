import type { EntitlementView } from '../billing.schemas.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import type { EntitlementsView, FeatureLimit, FeatureUse, OverrideValue, PlanFeatures } from '../feature.schemas.ts'
import { featureUse, limitOf } from './feature-use.ts'
import { windowOf, type FeatureWindow } from './feature-window.ts'
import { IS_BILLED } from './is-billed.ts'
import { ACCESS_COLUMNS, accessOfRow, type SubscriptionRow } from './subscription-row.ts'

/** What an account may use, as the database has it. */
export interface EntitlementsRow extends SubscriptionRow {
  /** Null without a live subscription. */
  code: string | null
  tier: EntitlementView['tier']
  features: PlanFeatures
  billed: string[] | null
  current_period_start: string
  free_features: PlanFeatures | null
  overrides: Record<string, OverrideValue> | null
  names: string[] | null
  /** What the account's counters have in the windows that may be open now. */
  counters: [feature: string, per: FeatureLimit['per'], startsAt: number, used: number][] | null
}

/**
 * Columns, tables and condition of a statement for {@link EntitlementsRow}s. Closed accounts have none. Its values are
 * `$1` for the condition, `$2` for billing time, `$3` for the time, and {@link windowStarts}.
 */
export const selectEntitlements = (
  where: string,
) => `${ACCESS_COLUMNS}, s.current_period_start, p.code, p.tier, p.features,
       (select jsonb_agg(name) from jsonb_object_keys(s.overage) name where ${IS_BILLED('name')}) as billed,
       (select free.features from plans free where free.status = 'active' and free.tier = 'free'
        order by free.price_cents, free.sort_order, free.code limit 1) as free_features,
       (select jsonb_object_agg(o.feature, o.value) from entitlement_overrides o
        where o.account_id = account.id and (o.until is null or o.until > $2)) as overrides,
       (select jsonb_agg(distinct feature) from plans sold cross join jsonb_object_keys(sold.features) feature
        where sold.status = 'active') as names,
       (select jsonb_agg(jsonb_build_array(c.feature, c.per, extract(epoch from c.starts_at) * 1000,
          c.used - coalesce((select sum(e.amount) from usage_entries e
            where e.account_id = c.account_id and e.feature = c.feature and e.per = c.per and e.starts_at = c.starts_at
              and e.state = 'open' and e.expires_at <= $3), 0)))
        from usage_counters c
        where c.account_id = account.id
          and c.starts_at in ($4, $5, $6, date_trunc('milliseconds', s.current_period_start))) as counters
     from accounts account
       left join users person on person.id = account.id
       left join subscriptions s on s.account_id = account.id and s.status <> 'canceled'
       left join plans p on p.id = s.plan_id
     where ${where} and account.closed_at is null and coalesce(person.is_active, true)`

/** When the windows began that do not depend on a subscription. */
export const windowStarts = (billingNow: Date): Date[] =>
  (['month', 'day', 'total'] as const).map((per) => windowOf(per, billingNow, null).startsAt)

/** What an account may use of a feature, however much it has used. */
export interface FeatureTerms extends FeatureLimit {
  /** Whether more than the limit may be used, because it is billed. */
  readonly isBilled: boolean
  /** When the present window began. */
  readonly startsAt: Date
}

/** What an account may use, and what it has used of that. */
export function entitlementsOfRow(
  row: EntitlementsRow,
  billingNow: Date,
  billing: { settings: AccessPolicy },
): { view: EntitlementsView; terms: ReadonlyMap<string, FeatureTerms> } {
  const access = row.code === null ? null : accessOfRow(row, billingNow, billing)
  const hasAccess = access?.hasAccess ?? false
  const period = hasAccess
    ? { startsAt: new Date(row.current_period_start), endsAt: new Date(row.current_period_end) }
    : null
  const allowed = new Map<string, OverrideValue>([
    ...Object.entries((hasAccess ? row.features : row.free_features) ?? {}),
    ...Object.entries(row.overrides ?? {}),
  ])
  const used = new Map(
    row.counters?.map(([feature, per, startsAt, count]) => [
      counterOf(feature, { per, startsAt: new Date(startsAt) }),
      count,
    ]),
  )
  const terms = new Map<string, FeatureTerms>()
  const uses: [string, FeatureUse][] = []
  for (const name of [...new Set([...(row.names ?? []), ...allowed.keys()])].toSorted()) {
    const { limit, per } = limitOf(allowed.get(name))
    const window = windowOf(per, billingNow, period)
    const use = featureUse(limit, used.get(counterOf(name, window)) ?? 0, window.endsAt)
    // Only periods are billed: a plan may count otherwise by now, and its price be at the provider still.
    const isSold = hasAccess && per === 'period' && (row.billed?.includes(name) ?? false)
    const isBilled = isSold && !Object.hasOwn(row.overrides ?? {}, name)
    uses.push([name, isBilled ? { ...use, allowed: true } : use])
    terms.set(name, { limit, per, isBilled, startsAt: window.startsAt })
  }
  const view = {
    tier: hasAccess ? row.tier : 'free',
    planCode: hasAccess ? row.code : null,
    until: access?.accessUntil ?? null,
    features: Object.fromEntries(uses),
  }
  return { view, terms }
}

const counterOf = (feature: string, { per, startsAt }: Pick<FeatureWindow, 'per' | 'startsAt'>): string =>
  `${feature} ${per} ${startsAt.getTime()}`
