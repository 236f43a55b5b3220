import type { BillingScope } from '../billing-scope.ts'
import type { EntitlementView } from '../billing.schemas.ts'
import { ACCESS_COLUMNS, accessOfRow, type SubscriptionRow } from './subscription-row.ts'
import { rankOf } from './tiers.ts'

interface Row extends SubscriptionRow {
  code: string
  tier: EntitlementView['tier']
  tier_rank: number | null
}

type Asked = Pick<BillingScope, 'em' | 'billing'>

/** What a user is entitled to now: `free` without access. */
export async function readEntitlement(scope: Asked, input: { accountId: string }): Promise<EntitlementView> {
  return (await readRankedEntitlement(scope, input)).entitlement
}

/**
 * Reads what a user is entitled to now, and the rank of the tier. A single statement, because every gated call runs it.
 */
export async function readRankedEntitlement(
  { em, billing }: Asked,
  { accountId }: { accountId: string },
): Promise<{ entitlement: EntitlementView; rank: number }> {
  const [row] = await em.execute<Row[]>(
    `select ${ACCESS_COLUMNS}, p.code, p.tier, p.tier_rank
     from subscriptions s join plans p on p.id = s.plan_id
     where s.account_id = ? and s.status <> 'canceled'`,
    [accountId],
  )
  const access = row && accessOfRow(row, await billing.time.now(), billing)
  if (!row || !access?.hasAccess) return { entitlement: NOTHING, rank: 0 }
  const entitlement = { tier: row.tier, planCode: row.code, until: access.accessUntil }
  return { entitlement, rank: rankOf({ tier: row.tier, tierRank: row.tier_rank }) }
}

const NOTHING: EntitlementView = { tier: 'free', planCode: null, until: null }
