import type { EntityManager } from '@mikro-orm/postgresql'
import { SwitchPending } from '../switch.errors.ts'
import { UpcomingSubscription } from '../upcoming-subscription.entity.ts'

/** The account's subscription that is scheduled to start, read from the database; null if there is none. */
export async function findUpcoming(em: EntityManager, accountId: string): Promise<UpcomingSubscription | null> {
  return em.findOne(UpcomingSubscription, { account: accountId, status: 'waiting' }, { refresh: true })
}

/**
 * Nothing else is decided about an account's plan while another one is scheduled to start.
 *
 * @throws {SwitchPending}
 */
export async function refuseWhileSwitching(em: EntityManager, accountId: string): Promise<void> {
  if (await findUpcoming(em, accountId)) throw new SwitchPending()
}
