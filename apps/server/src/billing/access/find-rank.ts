import type { EntityManager } from '@mikro-orm/postgresql'
import type { Tier } from './tiers.ts'

/** The rank of a tier that a plans file has defined; null if none has. */
export async function findRank(em: EntityManager, tier: Tier): Promise<number | null> {
  const [row] = await em.execute<{ rank: number }[]>(
    'select tier_rank as rank from plans where tier = ? and tier_rank is not null limit 1',
    [tier],
  )
  return row?.rank ?? null
}
