import type { BillingScope } from '../billing-scope.ts'
import { FeatureRequired } from '../feature.errors.ts'
import type { FeatureName } from '../feature.schemas.ts'
import { readEntitlements } from './read-entitlements.ts'
import { readFeature } from './read-feature.ts'
import { planUnlocking } from './unlocking-plan.ts'

/** What is read has no feature that only retired plans have, and no override. */
const NOT_ON_SALE = { allowed: false, used: 0 }

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
  const { features } = await readEntitlements(scope, { accountId })
  const use = features[feature] ?? NOT_ON_SALE
  if (use.allowed) return
  const wanted = { accountId, feature, amount: 1, used: use.used, per: terms.plan_per }
  throw new FeatureRequired(terms.is_overridden ? null : await planUnlocking(scope, wanted))
}
