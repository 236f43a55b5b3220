import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { PageInput } from '../billing.schemas.ts'
import { Payment } from '../payment.entity.ts'
import type { PaymentView } from '../payment.schemas.ts'
import { paymentView } from './payment-view.ts'

/**
 * Lists a page of the user's payments, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listPayments(
  { em }: BillingScope,
  { accountId, cursor, limit }: PageInput & { accountId: string },
): Promise<Page<PaymentView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const older = from && { $or: [{ createdAt: { $lt: from.at } }, { createdAt: from.at, id: { $lt: from.id } }] }
  const rows = await em.find(
    Payment,
    { account: accountId, ...older },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 },
  )
  return pageOf(rows, limit, paymentView, ({ createdAt, id }) => ({ at: createdAt, id }))
}
