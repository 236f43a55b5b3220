import type { BillingScope } from '../billing-scope.ts'
import { PlanRequired } from '../billing.errors.ts'
import { readEntitlement } from './read-entitlement.ts'
import { TIER_RANKS, type Tier } from './tiers.ts'

/**
 * Requires access on a plan of at least this tier. `free` means access on any plan.
 *
 * @throws {PlanRequired}
 */
export async function requireTier(scope: BillingScope, input: { accountId: string; tier: Tier }): Promise<void> {
  const { tier, planCode } = await readEntitlement(scope, input)
  if (planCode === null || TIER_RANKS[tier] < TIER_RANKS[input.tier]) throw new PlanRequired()
}
