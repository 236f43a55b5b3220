import type { BillingScope } from '../billing-scope.ts'
import { PlanRequired } from '../feature.errors.ts'
import { findRank } from './find-rank.ts'
import { readRankedEntitlement } from './read-entitlement.ts'
import { DEFAULT_RANKS, rankOf, type Tier } from './tiers.ts'
import { planOfRank } from './unlocking-plan.ts'

/**
 * Requires access on a plan of at least this tier, by their ranks. `free` means access on any plan. A tier that no one
 * has defined lets no one through.
 *
 * @throws {PlanRequired}
 */
export async function requireTier(scope: BillingScope, input: { accountId: string; tier: Tier }): Promise<void> {
  const { accountId, tier } = input
  const { entitlement, rank } = await readRankedEntitlement(scope, { accountId })
  const required = await rankOfName(scope, tier)
  if (entitlement.planCode !== null && rank >= (required ?? Number.POSITIVE_INFINITY)) return
  throw new PlanRequired(required === null ? null : await planOfRank(scope, { accountId, rank: required }))
}

/**
 * The rank of a tier. One that is not among the default ones has it from the plans file, on each of its plans.
 *
 * @returns null if no one has defined it.
 */
async function rankOfName({ em }: BillingScope, tier: Tier): Promise<number | null> {
  return Object.hasOwn(DEFAULT_RANKS, tier) ? rankOf({ tier }) : findRank(em, tier)
}
