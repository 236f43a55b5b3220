import type { Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { NoSubscription } from '../billing.errors.ts'
import { Subscription } from '../subscription.entity.ts'

export type LiveSubscription = Loaded<Subscription, 'plan' | 'scheduledPlan'>

/**
 * The user's live subscription, as it is in the database now.
 *
 * @throws {NoSubscription}
 */
export async function liveSubscription(em: EntityManager, userId: string): Promise<LiveSubscription> {
  const subscription = await em.findOne(
    Subscription,
    { user: userId, status: { $ne: 'canceled' } },
    { populate: ['plan', 'scheduledPlan'], refresh: true },
  )
  if (!subscription) throw new NoSubscription()
  return subscription
}
