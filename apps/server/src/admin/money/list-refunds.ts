import { paymentView, Refund } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { PageInput } from '../admin.schemas.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { OwnedRefundView, RefundView } from '../money.schemas.ts'

/**
 * Lists the refunds that operators made here, newest first. The ids are UUIDv7, so sorting by id sorts by time.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listRefunds({ em }: AdminScope, { cursor, limit }: PageInput): Promise<Page<OwnedRefundView>> {
  const rows = await em.find(Refund, cursor ? { id: { $lt: readCursor(cursor).id } } : {}, {
    orderBy: { id: 'desc' },
    limit: limit + 1,
    populate: ['payment'],
  })
  const ownerOf = await readOwnersOf(
    em,
    rows.map(({ payment }) => payment.$),
  )
  return pageOf(
    rows,
    limit,
    (row) => ({ ...refundView(row), ...ownerOf(row.payment.$), payment: paymentView(row.payment.$) }),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}

export function refundView({ id, amountCents, status, createdAt }: Refund): RefundView {
  return { id, amountCents, status, createdAt }
}
