import type { BillingScope } from '../billing-scope.ts'
import type { EntitlementView } from '../billing.schemas.ts'
import { ACCESS_COLUMNS, accessOfRow, type SubscriptionRow } from './subscription-row.ts'

interface Row extends SubscriptionRow {
  code: string
  tier: EntitlementView['tier']
}

/**
 * Reads what a user is entitled to now: `free` without access. A single statement, because every gated call runs it.
 */
export async function readEntitlement(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId }: { accountId: string },
): Promise<EntitlementView> {
  const [row] = await em.execute<Row[]>(
    `select ${ACCESS_COLUMNS}, p.code, p.tier
     from subscriptions s join plans p on p.id = s.plan_id
     where s.account_id = ? and s.status <> 'canceled'`,
    [accountId],
  )
  if (!row) return NOTHING

  const { hasAccess, accessUntil } = accessOfRow(row, await billing.time.now(), billing)
  return hasAccess ? { tier: row.tier, planCode: row.code, until: accessUntil } : NOTHING
}

const NOTHING: EntitlementView = { tier: 'free', planCode: null, until: null }
