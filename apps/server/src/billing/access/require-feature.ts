import type { BillingScope } from '../billing-scope.ts'
import { FeatureNotFound, FeatureRequired } from '../feature.errors.ts'
import type { FeatureName } from '../feature.schemas.ts'
import { readEntitlements } from './read-entitlements.ts'
import { readFeature } from './read-feature.ts'
import { planUnlocking } from './unlocking-plan.ts'

/**
 * Requires that an account may use a feature now: at least one more of it.
 *
 * @throws {AccountNotFound} also for a closed account
 * @throws {FeatureNotFound} for an unknown name, so that a misspelled one does not let every account in
 * @throws {FeatureRequired}
 */
export async function requireFeature(
  scope: BillingScope,
  { accountId, feature }: { accountId: string; feature: FeatureName },
): Promise<void> {
  const terms = await readFeature(scope, { accountId, feature })
  if (terms.limit === null || terms.is_billed_above) return
  const use =
    terms.limit === '0' ? { allowed: false, used: 0 } : (await readEntitlements(scope, { accountId })).features[feature]
  if (!use) throw new FeatureNotFound()
  if (use.allowed) return
  const wanted = { accountId, feature, amount: 1, used: use.used, per: terms.plan_per }
  throw new FeatureRequired(terms.is_overridden ? null : await planUnlocking(scope, wanted))
}
