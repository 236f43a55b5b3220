import { PlanMove, PlanMoveItem, PlanMoveNotFound } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { ListMoveItemsInput, MoveItemView } from '../plans.schemas.ts'

/**
 * Lists the subscribers of a move and what became of each, in the order in which they are moved.
 *
 * @throws {PlanMoveNotFound}
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listMoveItems(
  { em }: Pick<AdminScope, 'em'>,
  { cursor, limit, moveId, status }: ListMoveItemsInput,
): Promise<Page<MoveItemView>> {
  const move = await em.findOne(PlanMove, { id: moveId })
  if (!move) throw new PlanMoveNotFound()
  const rows = await em.find(
    PlanMoveItem,
    { move: moveId, ...(status && { status }), ...(cursor && { id: { $gt: readCursor(cursor).id } }) },
    { populate: ['subscription'], orderBy: { id: 'asc' }, limit: limit + 1 },
  )
  const ownerOf = await readOwnersOf(
    em,
    rows.map(({ subscription }) => subscription.$),
  )
  return pageOf(
    rows,
    limit,
    (row) => ({
      ...{ id: row.id, subscriptionId: row.subscription.id, status: row.status },
      ...{ reason: row.reason ?? null, endedAt: row.endedAt ?? null },
      ...ownerOf(row.subscription.$),
    }),
    ({ id }) => ({ at: move.createdAt, id }),
  )
}
