import type { Paymob } from '../callbacks/paymob.ts'
import { isPayable } from '../payments/charge.ts'
import type { CallbackRow, IntentionRow, SubscriptionRow, TransactionRow } from '../state/rows.ts'
import type { Search } from './choice.ts'

const joined = (...texts: readonly (string | number | null | undefined)[]): string => texts.filter(Boolean).join(' ')

const subscriptions: Search<SubscriptionRow> = {
  textOf: ({ id, name, client, planId }) => joined(id, name, client.full_name, client.email, planId),
  statuses: ['active', 'suspended', 'canceled', 'payment_failed'],
  hasStatus: (row, status) => (status === 'payment_failed' ? row.retryOn !== null : row.state === status),
  hint: 'email, name, plan or id',
}

const payments = ({ state }: Paymob): Search<TransactionRow> => ({
  textOf(row) {
    const intention = state.intentions.find(row.orderId)
    const subscription = row.subscriptionId === null ? undefined : state.subscriptions.find(row.subscriptionId)
    const email = intention?.billingData.email ?? subscription?.client.email
    return joined(row.id, row.orderId, row.subscriptionId, row.pan, email, intention?.specialReference)
  },
  statuses: ['paid', 'failed', 'refunded', 'voided', 'refund', 'void', 'capture'],
  hasStatus(row, status) {
    if (row.kind !== 'payment') return row.kind === status
    if (status === 'refunded') return row.refundedCents > 0
    if (status === 'voided') return row.isVoided
    return status === (row.success ? 'paid' : 'failed')
  },
  hint: 'email, card, reference or id',
})

const orders: Search<IntentionRow> = {
  textOf: (row) =>
    joined(row.id, row.specialReference, row.billingData.email, row.billingData.first_name, row.billingData.last_name),
  statuses: ['open', 'paid', 'expired'],
  hasStatus: (row, status) => statusOf(row) === status,
  hint: 'email, name, reference or id',
}

/** What became of a checkout page. */
export function statusOf(row: IntentionRow): 'open' | 'paid' | 'expired' {
  if (row.isPaid) return 'paid'
  return isPayable(row) ? 'open' : 'expired'
}

const callbacks: Search<CallbackRow> = {
  textOf: (row) => joined(row.id, row.type, row.url, row.transactionId, row.subscriptionId),
  statuses: ['delivered', 'pending', 'failed', 'dropped', 'forged'],
  hasStatus: (row, status) => (status === 'forged' ? row.forges !== null : row.status === status),
  hint: 'type, such as suspended, address or id',
}

/** What can be searched for in each list, and the statuses to choose from. */
export const searches = { subscriptions, payments, orders, callbacks }
