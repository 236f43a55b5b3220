import { AccountNotFound } from '../../accounts/index.ts'
import { runHere } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import { FeatureNotFound } from '../feature.errors.ts'
import type { FeatureLimit, FeatureValue, OverrideValue } from '../feature.schemas.ts'
import { limitOf } from './feature-use.ts'
import { windowOf, type FeatureWindow } from './feature-window.ts'
import { IS_BILLED } from './is-billed.ts'
import { ACCESS_COLUMNS, accessOfRow, type SubscriptionRow } from './subscription-row.ts'

interface Row extends SubscriptionRow {
  /** Null without a live subscription. */
  plan_id: string | null
  current_period_start: string
  is_billed: boolean | null
  of_plan: FeatureValue | null
  of_free: FeatureValue | null
  override: { value: OverrideValue } | null
  /** Whether any plan has the feature, or any account an override of it. */
  is_known: boolean
}

const READ = {
  name: 'read-feature',
  text: `select ${ACCESS_COLUMNS}, s.current_period_start, ${IS_BILLED('$2')} as is_billed, p.id as plan_id, p.features -> $2 as of_plan,
       (select free.features -> $2 from plans free where free.status = 'active' and free.tier = 'free'
        order by free.price_cents, free.sort_order, free.code limit 1) as of_free,
       (select jsonb_build_object('value', o.value) from entitlement_overrides o
        where o.account_id = account.id and o.feature = $2 and (o.until is null or o.until > $3)) as override,
       p.features ? $2 or exists (select from plans any_plan where any_plan.features ? $2 and any_plan.status <> 'draft')
         or exists (select from entitlement_overrides any_override where any_override.feature = $2) as is_known
     from accounts account
       left join users person on person.id = account.id
       left join subscriptions s on s.account_id = account.id and s.status <> 'canceled'
       left join plans p on p.id = s.plan_id
     where account.id = $1 and account.closed_at is null and coalesce(person.is_active, true)`,
}

/** How much of a feature an account may use, and the window in which it counts. */
export interface FeatureTerms {
  /** Null for any amount, 0 for none. */
  readonly limit: number | null
  readonly window: FeatureWindow
  /** How the plan counts. The window of a `period` is a month where there is no billing period. */
  readonly per: FeatureLimit['per']
  /** Whether more than the limit may be used, because it is billed. */
  readonly isBilledAbove: boolean
  /** Whether an override says so, and not a plan. */
  readonly isOverridden: boolean
}

/**
 * Reads how much of one feature an account may use, with one statement. {@link readEntitlements} says the same of all.
 *
 * @throws {AccountNotFound} also for a closed account
 * @throws {FeatureNotFound}
 */
export async function readFeature(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId, feature }: { accountId: string; feature: string },
): Promise<FeatureTerms> {
  const billingNow = await billing.time.now()
  const [row] = await runHere(em)<Row>(READ, [accountId, feature, billingNow])
  if (!row) throw new AccountNotFound()
  if (!row.is_known) throw new FeatureNotFound()

  const hasAccess = row.plan_id !== null && accessOfRow(row, billingNow, billing).hasAccess
  const period = hasAccess
    ? { startsAt: new Date(row.current_period_start), endsAt: new Date(row.current_period_end) }
    : null
  const { limit, per } = limitOf(
    row.override ? row.override.value : ((hasAccess ? row.of_plan : row.of_free) ?? undefined),
  )
  const isOverridden = row.override !== null
  const isBilledAbove = hasAccess && !isOverridden && row.is_billed === true
  return { limit, window: windowOf(per, billingNow, period), per, isBilledAbove, isOverridden }
}
