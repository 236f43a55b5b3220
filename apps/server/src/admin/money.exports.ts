import { formatAmount } from '../platform/money.ts'
import { when } from './lists/cells.ts'
import { defineExport } from './lists/export-list.ts'
import { DisputeFilters, NoFilters, PaymentExportInput, SubscriptionFilters } from './money.schemas.ts'
import { listAllPayments } from './money/list-all-payments.ts'
import { listAllPlans } from './money/list-all-plans.ts'
import { listDisputes } from './money/list-disputes.ts'
import { listMoveItems } from './money/list-move-items.ts'
import { listRefunds } from './money/list-refunds.ts'
import { listSubscriptions } from './money/list-subscriptions.ts'
import { ListPlansInput, MoveItemFilters } from './plans.schemas.ts'

const liveOf = ({ canceled: _, ...live }: Partial<Record<string, number>>) =>
  Object.values(live).reduce<number>((sum, count) => sum + (count ?? 0), 0)

interface Owned {
  account: { id: string; name: string }
  user: { email: string }
}
const OWNER = ['account', 'account_name', 'email']
const ownerCells = ({ account, user }: Owned) => [account.id, account.name, user.email]

/** The operators' files about money. Amounts are in the currency's main unit, as on the invoice. Times are in UTC. */
export const moneyExports = [
  defineExport({
    name: 'plans',
    filters: ListPlansInput,
    header: ['id', 'code', 'name', 'status', 'tier', 'price', 'currency', 'period', 'live', 'mrr', 'created'],
    list: listAllPlans,
    cells: (row) => [
      ...[row.id, row.code, row.name, row.status, row.tier, formatAmount(row.priceCents, row.currency)],
      ...[row.currency.toUpperCase(), row.billingPeriod, String(liveOf(row.subscribers))],
      row.mrr.map(({ cents, currency }) => `${formatAmount(cents, currency)} ${currency.toUpperCase()}`).join('; '),
      when(row.createdAt),
    ],
  }),
  defineExport({
    name: 'plan-move',
    filters: MoveItemFilters,
    header: ['subscription', ...OWNER, 'status', 'reason', 'ended'],
    list: listMoveItems,
    cells: (row) => [row.subscriptionId, ...ownerCells(row), row.status, row.reason ?? '', when(row.endedAt)],
  }),
  defineExport({
    name: 'subscriptions',
    filters: SubscriptionFilters,
    header: [
      ...['id', ...OWNER, 'plan', 'status', 'access', 'provider', 'price', 'quantity', 'currency', 'interval'],
      ...['started', 'period_start', 'period_end', 'ends', 'ended'],
    ],
    list: listSubscriptions,
    cells: ({ interval: { count, unit }, ...row }) => [
      ...[row.id, ...ownerCells(row), row.plan.code, row.status, row.accessReason, row.provider],
      ...[formatAmount(row.priceCents, row.currency), String(row.quantity), row.currency.toUpperCase()],
      ...[`${count} ${unit}`, when(row.startedAt), when(row.currentPeriodStart), when(row.currentPeriodEnd)],
      ...[when(row.cancelAt), when(row.endedAt)],
    ],
  }),
  defineExport({
    name: 'payments',
    filters: PaymentExportInput,
    header: [
      ...['id', 'date', ...OWNER, 'plan', 'invoice', 'status', 'amount', 'refunded', 'currency'],
      ...['dispute', 'subscription', 'invoice_url', 'invoice_number', 'subtotal', 'discount', 'tax'],
    ],
    list: listAllPayments,
    cells: (row) => [
      ...[row.id, when(row.createdAt), ...ownerCells(row), row.plan?.code ?? '', row.providerInvoiceId, row.status],
      ...[formatAmount(row.amountCents, row.currency), formatAmount(row.refundedCents, row.currency)],
      ...[row.currency.toUpperCase(), row.dispute?.status ?? '', row.subscriptionId ?? ''],
      ...[row.invoiceUrl ?? '', row.invoiceNumber ?? ''],
      ...[row.subtotalCents, row.discountCents, row.taxCents].map((cents) =>
        cents === null ? '' : formatAmount(cents, row.currency),
      ),
    ],
  }),
  defineExport({
    name: 'refunds',
    filters: NoFilters,
    header: ['id', 'date', ...OWNER, 'payment', 'invoice', 'status', 'amount', 'currency'],
    list: listRefunds,
    cells: ({ payment, ...row }) => [
      ...[row.id, when(row.createdAt), ...ownerCells(row), payment.id, payment.providerInvoiceId, row.status],
      ...[formatAmount(row.amountCents, payment.currency), payment.currency.toUpperCase()],
    ],
  }),
  defineExport({
    name: 'disputes',
    filters: DisputeFilters,
    header: [
      ...['id', 'opened', ...OWNER, 'payment', 'invoice', 'reason', 'status', 'inquiry', 'amount', 'currency'],
      ...['due_by', 'evidence_submitted'],
    ],
    list: listDisputes,
    cells: ({ payment, ...row }) => [
      ...[row.providerDisputeId, when(row.openedAt), ...ownerCells(row), payment.id, payment.providerInvoiceId],
      ...[row.reason, row.status, String(row.isInquiry), formatAmount(row.amountCents, row.currency)],
      ...[row.currency.toUpperCase(), when(row.dueBy), String(row.hasEvidence)],
    ],
  }),
]
