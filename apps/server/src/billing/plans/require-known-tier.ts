import type { EntityManager } from '@mikro-orm/postgresql'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { findRank } from '../access/find-rank.ts'
import { DEFAULT_RANKS, type Tier } from '../access/tiers.ts'

/**
 * Requires a tier that is always there, or that a plans file has defined.
 *
 * @returns the rank to store with a plan; null for a default tier.
 * @throws {InvalidInput}
 */
export async function requireKnownTier(em: EntityManager, tier: Tier): Promise<number | null> {
  if (Object.hasOwn(DEFAULT_RANKS, tier)) return null
  const rank = await findRank(em, tier)
  if (rank === null) {
    throw new InvalidInput({ tier: `must be ${Object.keys(DEFAULT_RANKS).join(', ')}, or a tier of the plans file` })
  }
  return rank
}
