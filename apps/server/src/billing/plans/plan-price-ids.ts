import type { EntityManager } from '@mikro-orm/postgresql'
import { PlanPrice } from '../plan-price.entity.ts'

/** The provider's ids of all prices that are or were a plan's. */
export async function planPriceIds(em: EntityManager): Promise<string[]> {
  const prices = await em.find(PlanPrice, { providerPriceId: { $ne: null } }, { fields: ['providerPriceId'] })
  return prices.flatMap(({ providerPriceId }) => providerPriceId ?? [])
}
