import { Dispute, paymentView } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { ListDisputesInput, OwnedDisputeView } from '../money.schemas.ts'
import { disputeView } from './dispute-view.ts'

/** Sorts those without a deadline to the end. No response to them counts. */
const NEVER = new Date('9999-12-31T00:00:00Z')

/**
 * Lists disputes, newest first; or those that need a response, the most urgent first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listDisputes(
  scope: AdminScope,
  { cursor, limit, status, order = 'newest' }: ListDisputesInput,
): Promise<Page<OwnedDisputeView>> {
  const { em, billing } = scope
  const from = cursor ? readCursor(cursor) : null
  const isByDue = order === 'due'
  const rows = await em.find(
    Dispute,
    isByDue
      ? {
          status: 'needs_response',
          dueBy: { $ne: null },
          ...(from && { $or: [{ dueBy: { $gt: from.at } }, { dueBy: from.at, id: { $gt: from.id } }] }),
        }
      : {
          ...(status && { status }),
          ...(from && { $or: [{ openedAt: { $lt: from.at } }, { openedAt: from.at, id: { $lt: from.id } }] }),
        },
    {
      orderBy: isByDue ? { dueBy: 'asc', id: 'asc' } : { openedAt: 'desc', id: 'desc' },
      limit: limit + 1,
      populate: ['payment'],
    },
  )
  const ownerOf = await readOwnersOf(
    em,
    rows.map(({ payment }) => payment.$),
  )
  const billingNow = await billing.time.now()
  return pageOf(
    rows,
    limit,
    (row) => {
      const payment = row.payment.$
      const about = { provider: payment.provider, billingNow }
      return { ...disputeView(scope, row, about), ...ownerOf(payment), payment: paymentView(payment) }
    },
    ({ openedAt, dueBy, id }) => ({ at: isByDue ? (dueBy ?? NEVER) : openedAt, id }),
  )
}
