import type { EntityManager } from '@mikro-orm/postgresql'
import { PlanPrice } from '../plan-price.entity.ts'

/** The provider's ids of all prices that a plan was sold for and no longer is. */
export async function formerPriceIds(em: EntityManager, planId: string): Promise<string[]> {
  const former = await em.find(
    PlanPrice,
    { plan: planId, archivedAt: { $ne: null }, isFurther: false, providerPriceId: { $ne: null } },
    { orderBy: { id: 'asc' }, refresh: true },
  )
  return former.flatMap(({ providerPriceId }) => providerPriceId ?? [])
}
