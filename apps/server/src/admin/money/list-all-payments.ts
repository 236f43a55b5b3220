import { Payment, paymentView, SUBSCRIPTION_PROVIDERS } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { ListPaymentsInput, OwnedPaymentView } from '../money.schemas.ts'
import { describePayments } from './describe-payments.ts'

type Condition = readonly [sql: string, ...values: unknown[]]

/**
 * Lists the payments of all accounts, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAllPayments(scope: AdminScope, input: ListPaymentsInput): Promise<Page<OwnedPaymentView>> {
  const { em } = scope
  const { limit } = input
  const conditions = conditionsOf(input)
  const found = await em.execute<{ id: string }[]>(
    `select id from payments p where ${conditions.map(([sql]) => sql).join(' and ') || 'true'}
     order by p.created_at desc, p.id desc limit ?`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  )
  const rows = await em.find(
    Payment,
    { id: { $in: found.map(({ id }) => id) } },
    { orderBy: { createdAt: 'desc', id: 'desc' } },
  )
  const describe = await describePayments(scope, rows)
  return pageOf(
    rows,
    limit,
    (row) => ({ ...paymentView(row), ...describe(row) }),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}

/** What the overview counts. */
const COUNTED = {
  revenue: "p.status in ('succeeded', 'partially_refunded')",
  refunds: "p.status in ('succeeded', 'partially_refunded', 'refunded') and p.refunded > 0",
  recovered: 'p.recovered_at is not null',
} as const

/** Each half has an index: that of the ids begins with the provider. */
const INVOICE = `(upper(p.invoice_number) = upper(?)
  or (p.provider = any('{${SUBSCRIPTION_PROVIDERS.join(',')}}') and p.provider_invoice_id = ?))`

function conditionsOf(input: ListPaymentsInput): Condition[] {
  const {
    cursor,
    status,
    currency,
    from,
    to,
    counted,
    refunded,
    disputed,
    invoice,
    minAmountCents,
    userId,
    accountId = userId,
  } = input
  const last = cursor ? readCursor(cursor) : null
  // A recovery counts on its own day, and all else on the day of the invoice.
  const moment = counted === 'recovered' ? 'p.recovered_at' : 'p.created_at'
  const isDisputed = 'exists (select 1 from disputes d where d.payment_id = p.id)'
  return [
    // The few that did not simply succeed have an index of their own.
    ...(status
      ? [[`p.status = ?${status === 'succeeded' ? '' : " and p.status <> 'succeeded'"}`, status] as const]
      : []),
    ...(currency ? [['p.currency = ?', currency] as const] : []),
    ...(from ? [[`${moment} >= ?`, from] as const] : []),
    ...(to ? [[`${moment} < ?`, to] as const] : []),
    ...(counted ? [[COUNTED[counted]] as const] : []),
    ...(refunded === undefined ? [] : [[refunded ? 'p.refunded > 0' : 'p.refunded = 0'] as const]),
    ...(disputed === undefined ? [] : [[disputed ? isDisputed : `not ${isDisputed}`] as const]),
    ...(invoice === undefined ? [] : [[INVOICE, invoice, invoice] as const]),
    ...(minAmountCents === undefined ? [] : [['p.amount >= ?', minAmountCents] as const]),
    ...(accountId ? [['p.account_id = ?', accountId] as const] : []),
    ...(last ? [['(p.created_at, p.id) < (?, ?)', last.at, last.id] as const] : []),
  ]
}
