import type { Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { NoSubscription } from '../billing.errors.ts'
import { Subscription } from '../subscription.entity.ts'

export type LiveSubscription = Loaded<Subscription, 'plan' | 'scheduledPlan'>

/** The condition for a user's live subscription, which has any status but `canceled`. There is at most one. */
export const liveOf = (accountId: string) => ({ account: accountId, status: { $ne: 'canceled' } }) as const

/** Reads the user's live subscription from the database, even if it was read before; null if there is none. */
export async function findLiveSubscription(em: EntityManager, accountId: string): Promise<LiveSubscription | null> {
  return em.findOne(Subscription, liveOf(accountId), { populate: ['plan', 'scheduledPlan'], refresh: true })
}

/**
 * Reads the user's live subscription from the database, even if it was read before.
 *
 * @throws {NoSubscription}
 */
export async function liveSubscription(em: EntityManager, accountId: string): Promise<LiveSubscription> {
  const subscription = await findLiveSubscription(em, accountId)
  if (!subscription) throw new NoSubscription()
  return subscription
}
