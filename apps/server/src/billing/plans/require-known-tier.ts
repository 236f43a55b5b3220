import type { EntityManager } from '@mikro-orm/postgresql'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { findRank } from '../access/find-rank.ts'
import { DEFAULT_RANKS, type Tier } from '../access/tiers.ts'

/** The ranks of the tiers that the plans file which is being applied defines. */
export type Ranks = Readonly<Record<string, number>>

/**
 * Requires a tier that is always there, or that a plans file has defined.
 *
 * @param ranks of a file that is being applied.
 * @returns the rank to store with a plan; null for a default tier.
 * @throws {InvalidInput}
 */
export async function requireKnownTier(em: EntityManager, tier: Tier, ranks: Ranks = {}): Promise<number | null> {
  if (Object.hasOwn(DEFAULT_RANKS, tier)) return null
  const rank = Object.hasOwn(ranks, tier) ? (ranks[tier] ?? null) : await findRank(em, tier)
  if (rank === null) {
    throw new InvalidInput({ tier: `must be ${Object.keys(DEFAULT_RANKS).join(', ')}, or a tier of the plans file` })
  }
  return rank
}
