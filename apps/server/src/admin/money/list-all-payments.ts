import { Payment, paymentView } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { ListPaymentsInput, OwnedPaymentView } from '../money.schemas.ts'

/**
 * Lists the payments of all accounts, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAllPayments(
  { em }: AdminScope,
  { cursor, limit, status, userId, accountId = userId }: ListPaymentsInput,
): Promise<Page<OwnedPaymentView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const older = from && { $or: [{ createdAt: { $lt: from.at } }, { createdAt: from.at, id: { $lt: from.id } }] }
  const rows = await em.find(
    Payment,
    {
      ...(status && { status }),
      ...(accountId && { account: accountId }),
      ...(from && { createdAt: { $lte: from.at } }),
      ...older,
    },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 },
  )
  const ownerOf = await readOwnersOf(em, rows)
  return pageOf(
    rows,
    limit,
    (row) => ({ ...paymentView(row), ...ownerOf(row) }),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}
