import { Payment, paymentView } from '../billing/index.ts'
import { pageOf, readCursor, type Page } from '../platform/database/page.ts'
import type { AdminScope } from './admin-scope.ts'
import type { ListPaymentsInput, OwnedPaymentView } from './admin.schemas.ts'

/**
 * Lists the payments of all users, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAllPayments(
  { em }: AdminScope,
  { cursor, limit, status, userId }: ListPaymentsInput,
): Promise<Page<OwnedPaymentView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const older = from && { $or: [{ createdAt: { $lt: from.at } }, { createdAt: from.at, id: { $lt: from.id } }] }
  const rows = await em.find(
    Payment,
    {
      ...(status && { status }),
      ...(userId && { user: userId }),
      ...(from && { createdAt: { $lte: from.at } }),
      ...older,
    },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1, populate: ['user'] },
  )
  return pageOf(
    rows,
    limit,
    (row) => ({ ...paymentView(row), user: { id: row.user.id, email: row.user.$.email } }),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}
