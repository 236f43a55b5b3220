import { Subscription, toSubscriptionView } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { ListSubscriptionsInput, OwnedSubscriptionView } from '../money.schemas.ts'

/**
 * Lists the subscriptions of all accounts, the latest start first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listSubscriptions(
  { em, billing }: AdminScope,
  { cursor, limit, status, planCode, userId, accountId = userId }: ListSubscriptionsInput,
): Promise<Page<OwnedSubscriptionView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const older = from && { $or: [{ startedAt: { $lt: from.at } }, { startedAt: from.at, id: { $lt: from.id } }] }
  const rows = await em.find(
    Subscription,
    {
      ...(status && { status }),
      ...(planCode !== undefined && { plan: { code: planCode } }),
      ...(accountId && { account: accountId }),
      ...(from && { startedAt: { $lte: from.at } }),
      ...older,
    },
    { orderBy: { startedAt: 'desc', id: 'desc' }, limit: limit + 1, populate: ['plan', 'scheduledPlan'] },
  )
  const ownerOf = await readOwnersOf(em, rows)
  const billingNow = await billing.time.now()
  return pageOf(
    rows,
    limit,
    (row) => ({
      ...toSubscriptionView(row, billingNow, billing.settings),
      ...ownerOf(row),
    }),
    ({ startedAt, id }) => ({ at: startedAt, id }),
  )
}
