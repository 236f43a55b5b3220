/** The name of a tier. A plans file may define more than the default ones. */
export type Tier = string

/** The ranks of the tiers that are always there. A higher tier includes everything in the lower ones. */
export const DEFAULT_RANKS: Readonly<Record<string, number>> = { free: 0, pro: 10, vip: 20 }

/** A tier that a plan has: its name, and its rank if it is none of the default ones. */
export interface RankedTier {
  tier: Tier
  tierRank?: number | null | undefined
}

/** The rank of a plan's tier. A tier that no one has defined gives no more than `free`. */
export function rankOf({ tier, tierRank }: RankedTier): number {
  return (Object.hasOwn(DEFAULT_RANKS, tier) ? DEFAULT_RANKS[tier] : tierRank) ?? 0
}
