import { revisionOf } from '../../platform/revision.ts'
import type { EntitlementOverride } from '../entitlement-override.entity.ts'
import type { OverrideFacts, OverrideView } from '../feature.schemas.ts'

/** What an override says. */
export function overrideFacts(override: EntitlementOverride, billingNow: Date): OverrideFacts {
  const { id, account, feature, value, until = null, reason, createdAt } = override
  const isCurrent = until === null || until > billingNow
  return { id, accountId: account.id, feature, value, until, isCurrent, reason, createdAt }
}

/** An override as operators see it. Its revision does not change by itself when it expires. */
export function overrideView(facts: OverrideFacts): OverrideView {
  const { isCurrent: _, ...state } = facts
  return { ...facts, revision: revisionOf(state) }
}
