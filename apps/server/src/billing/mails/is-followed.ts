import type { EntityManager } from '@mikro-orm/postgresql'
import type { Subscription } from '../subscription.entity.ts'

/** The condition for rows of `subscriptions` that another plan follows when they end. There is an email about that one. */
export const IS_FOLLOWED = `exists (select 1 from upcoming_subscriptions next
  where next.replaces_id = subscriptions.id and next.status in ('waiting', 'begun'))`

export async function isFollowed(em: EntityManager, { id }: Subscription): Promise<boolean> {
  const rows = await em.execute<object[]>(`select 1 from subscriptions where id = ? and ${IS_FOLLOWED}`, [id])
  return rows.length > 0
}
