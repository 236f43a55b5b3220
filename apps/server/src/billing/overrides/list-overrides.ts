import type { BillingScope } from '../billing-scope.ts'
import { EntitlementOverride } from '../entitlement-override.entity.ts'
import type { OverrideView } from '../feature.schemas.ts'
import { overrideFacts, overrideView } from './override-view.ts'

/** Lists an account's overrides by feature, also those that have expired. */
export async function listOverrides(
  { em, billing }: BillingScope,
  { accountId }: { accountId: string },
): Promise<OverrideView[]> {
  const billingNow = await billing.time.now()
  const overrides = await em.find(EntitlementOverride, { account: accountId }, { orderBy: { feature: 'asc' } })
  return overrides.map((override) => overrideView(overrideFacts(override, billingNow)))
}
