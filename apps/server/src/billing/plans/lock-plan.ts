import type { EntityManager } from '@mikro-orm/postgresql'

/**
 * Locks a plan until the transaction ends. Who changes a plan's name, here or at the provider, holds this lock, so the
 * two can't overwrite each other with an older name. This lock mode does not block users who are subscribing to the plan.
 */
export async function lockPlan(em: EntityManager, planId: string): Promise<void> {
  await em.execute('select 1 from plans where id = ? for no key update', [planId])
}
