import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { Subscription } from '../subscription.entity.ts'

/**
 * Options that lock a subscription's row and read it again, right before it is written. Never lock it before the
 * provider has answered: the sweep takes no customer's lock and would wait for this row in the middle of its range.
 *
 * @see docs/decisions/0012-the-sweep-locks-no-customers.md
 */
export const LOCKED_ROW = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const

/** Reads a subscription again and locks its row until the transaction ends. */
export async function lockSubscription(em: EntityManager, { id }: Subscription): Promise<void> {
  await em.findOneOrFail(Subscription, { id }, LOCKED_ROW)
}
