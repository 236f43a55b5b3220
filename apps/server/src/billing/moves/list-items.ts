import type { BillingScope } from '../billing-scope.ts'
import type { OpenMove } from './move-one.ts'

/** How many rows one transaction inserts. It locks their subscriptions' keys, so it must be short. */
const BATCH = 10_000

/**
 * Makes an item of each subscription that the order has listed. A repeat after a crash makes only those that are missing.
 *
 * @returns whether all are made. Otherwise the time is over.
 */
export async function listItems(
  { em, clock }: BillingScope,
  { id }: OpenMove,
  mayContinue: () => boolean,
): Promise<boolean> {
  const [row] = await em.fork().execute<{ made: string; size: number }[]>(
    `select (select count(*) from plan_move_items where move_id = m.id) as made, cardinality(listed) as size
     from plan_moves m where id = ?`,
    [id],
  )
  const size = row?.size ?? 0
  // No later than where an interrupted try has ended: a subscription that is deleted since then has no item.
  for (let place = Number(row?.made ?? 0); place < size; place += BATCH) {
    if (!mayContinue()) return false
    await em.fork().execute(
      `insert into plan_move_items (id, move_id, subscription_id)
       select gen_random_uuid(), ?, s.id
       from (select unnest(listed[?:?]) as id from plan_moves where id = ?) batch join subscriptions s on s.id = batch.id
       on conflict (move_id, subscription_id) do nothing`,
      [id, place + 1, place + BATCH, id],
    )
  }
  await em.fork().execute('update plan_moves set listed_at = ?, listed = null where id = ?', [clock.now(), id])
  return true
}
