import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { Dispute } from '../dispute.entity.ts'
import { Payment } from '../payment.entity.ts'
import type { ListedPage, PaymentStatus, ProviderDispute, ProviderInvoice } from '../providers/payment-provider.ts'
import type { ObjectToRecheck } from '../upkeep/objects-to-recheck.ts'
import type { RecheckState } from './recheck-state.ts'
import type { Slice } from './slice.ts'

/** A dispute may be decided months after it was opened. There are few of them. */
const DISPUTES_FOR = 180 * DAY

/** Compares a page of recent invoices with our payments. */
export async function findChangedInvoices({ em, billing }: CallingScope, state: RecheckState): Promise<Slice> {
  const page = await billing.provider.listInvoices({ since: recent(billing, state), after: state.after })
  // Drafts, and invoices without an amount, have no payment.
  const invoices = page.items.filter(({ status, amountCents }) => status !== 'draft' && amountCents !== 0)
  const rows = await em.find(Payment, {
    provider: billing.provider.name,
    providerInvoiceId: { $in: invoices.map(({ id }) => id) },
  })
  const known = new Map(rows.map((row) => [row.providerInvoiceId, row]))
  const newcomers = invoices.flatMap(({ id, customerId }) => (customerId && !known.has(id) ? customerId : []))
  const customers = await em.find(Customer, { providerCustomerId: { $in: newcomers } })
  const ownerOf = new Map(customers.map(({ providerCustomerId, account }) => [providerCustomerId, account.id]))
  const toAsk = invoices.flatMap((invoice): ObjectToRecheck[] => {
    const row = known.get(invoice.id)
    const accountId = row?.account.id ?? ownerOf.get(invoice.customerId ?? null)
    const isSame = row && isPaymentOf(invoice, row)
    return accountId && !isSame ? [{ kind: 'invoice', id: invoice.id, accountId }] : []
  })
  return sliceOf(page, toAsk)
}

/** Compares a page of recent refunds with our payments, which may be older. */
export async function findChangedRefunds({ em, billing }: CallingScope, state: RecheckState): Promise<Slice> {
  const page = await billing.provider.listRefunds({ since: recent(billing, state), after: state.after })
  const rows = await paymentsOf({ em, billing }, page.items)
  return sliceOf(
    page,
    changed(rows, page.items, (row, { refundedCents }) => row.refundedCents === refundedCents),
  )
}

/** Compares a page of disputes with our payments. */
export async function findChangedDisputes({ em, billing }: CallingScope, state: RecheckState): Promise<Slice> {
  const since = after(new Date(state.billingNow), -DISPUTES_FOR)
  const page = await billing.provider.listDisputes({ since, after: state.after })
  const rows = await paymentsOf({ em, billing }, page.items)
  const known = await em.find(Dispute, { providerDisputeId: { $in: page.items.map(({ dispute }) => dispute.id) } })
  const knownAs = new Map(known.map((dispute) => [dispute.providerDisputeId, dispute]))
  const differs = page.items.filter(({ dispute }) => !isDisputeOf(dispute, knownAs.get(dispute.id)))
  return sliceOf(
    page,
    changed(rows, differs, () => false),
  )
}

function isDisputeOf({ status, dueBy, hasEvidence, amountCents }: ProviderDispute, row: Dispute | undefined): boolean {
  if (row?.status !== status || row.hasEvidence !== hasEvidence || row.amountCents !== amountCents) return false
  return row.dueBy?.getTime() === dueBy?.getTime()
}

const recent = ({ settings }: CallingScope['billing'], { billingNow }: RecheckState): Date =>
  after(new Date(billingNow), -settings.recheck.payments)

const PAID: ReadonlySet<PaymentStatus> = new Set(['succeeded', 'partially_refunded', 'refunded', 'disputed'])
const OPEN: ReadonlySet<PaymentStatus> = new Set(['pending', 'requires_action', 'failed'])

/** Whether the row says what the invoice says. Refunds and disputes are not on the invoice. */
function isPaymentOf({ status, amountCents, paymentId }: ProviderInvoice, row: Payment): boolean {
  if (row.amountCents !== amountCents || (row.providerPaymentId ?? null) !== paymentId) return false
  if (status === 'paid') return PAID.has(row.status)
  return status === 'open' ? OPEN.has(row.status) : row.status === status
}

async function paymentsOf(
  { em, billing }: Pick<CallingScope, 'em' | 'billing'>,
  items: readonly { paymentId: string }[],
): Promise<Payment[]> {
  const provider = billing.provider.name
  return em.find(Payment, { provider, providerPaymentId: { $in: items.map(({ paymentId }) => paymentId) } })
}

function changed<Item extends { paymentId: string }>(
  rows: readonly Payment[],
  items: readonly Item[],
  isSame: (row: Payment, item: Item) => boolean,
): ObjectToRecheck[] {
  const itemOf = new Map(items.map((item) => [item.paymentId, item]))
  return rows.flatMap((row): ObjectToRecheck[] => {
    const item = itemOf.get(row.providerPaymentId ?? '')
    if (!item || isSame(row, item)) return []
    return [{ kind: 'invoice', id: row.providerInvoiceId, accountId: row.account.id }]
  })
}

function sliceOf({ items, next }: ListedPage<unknown>, toAsk: ObjectToRecheck[]): Slice {
  return { listed: items.length, unreadable: [], toAsk, next: next ? { after: next } : null }
}
