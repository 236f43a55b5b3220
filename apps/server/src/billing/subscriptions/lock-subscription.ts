import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { Subscription } from '../subscription.entity.ts'

/**
 * Read anew and locked, for what is written next: never before the provider is asked, since the sweep, which takes no
 * customer's lock, waits for this one in the middle of its range.
 *
 * @see docs/decisions/0012-the-sweep-locks-no-customers.md
 */
export const LOCKED_ROW = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const

/** Brings a subscription that was read before up to date, and keeps it so until the transaction ends. */
export async function lockSubscription(em: EntityManager, { id }: Subscription): Promise<void> {
  await em.findOneOrFail(Subscription, { id }, LOCKED_ROW)
}
