import type { EntityManager } from '@mikro-orm/postgresql'

/** Maximum accounts that are marked at once. */
const MOST = 200

/**
 * Marks accounts whose access or overrides have ended by time alone, so that what they may use is read again.
 *
 * @returns whether there may be more.
 */
export async function markDue(em: EntityManager, billingNow: Date): Promise<boolean> {
  const marked = await em.execute<unknown[]>(
    `with due as (
       update event_objects set due_at = null
       where (kind, id) in (select kind, id from event_objects where due_at <= ? order by due_at limit ?)
       returning id
     ) select add_event('entitlements.changed', 'entitlements', id, id::uuid, '{}') from due`,
    [billingNow, MOST],
  )
  return marked.length === MOST
}
