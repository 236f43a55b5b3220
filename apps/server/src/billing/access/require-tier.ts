import type { BillingScope } from '../billing-scope.ts'
import { PlanRequired } from '../billing.errors.ts'
import { findRank } from './find-rank.ts'
import { readRankedEntitlement } from './read-entitlement.ts'
import { DEFAULT_RANKS, rankOf, type Tier } from './tiers.ts'

/**
 * Requires access on a plan of at least this tier, by their ranks. `free` means access on any plan. A tier that no one
 * has defined lets no one through.
 *
 * @throws {PlanRequired}
 */
export async function requireTier(scope: BillingScope, input: { accountId: string; tier: Tier }): Promise<void> {
  const { entitlement, rank } = await readRankedEntitlement(scope, input)
  if (entitlement.planCode === null || rank < (await rankOfName(scope, input.tier))) throw new PlanRequired()
}

/** The rank of a tier. One that is not among the default ones has it from the plans file, on each of its plans. */
async function rankOfName({ em }: BillingScope, tier: Tier): Promise<number> {
  if (Object.hasOwn(DEFAULT_RANKS, tier)) return rankOf({ tier })
  return (await findRank(em, tier)) ?? Number.POSITIVE_INFINITY
}
