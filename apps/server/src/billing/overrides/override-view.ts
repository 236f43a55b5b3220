import type { EntitlementOverride } from '../entitlement-override.entity.ts'
import type { OverrideView } from '../feature.schemas.ts'

/** An override as operators see it. */
export function overrideView(override: EntitlementOverride, billingNow: Date): OverrideView {
  const { id, account, feature, value, until = null, reason, createdAt } = override
  const isCurrent = until === null || until > billingNow
  return { id, accountId: account.id, feature, value, until, isCurrent, reason, createdAt }
}
