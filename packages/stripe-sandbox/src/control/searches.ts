import type { Account } from '../state/account.ts'
import type { CustomerRow } from '../state/rows/customer.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { ChargeRow } from '../state/rows/payment.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import type { EventRow } from '../state/rows/webhook.ts'
import type { Search } from './choice.ts'

const joined = (...texts: readonly (string | null | undefined)[]): string => texts.filter(Boolean).join(' ')

const emailOf = (account: Account, id: string | null): string | null =>
  id === null ? null : (account.customers.find(id)?.email ?? null)

function subscriptions(account: Account): Search<SubscriptionRow> {
  const plansOf = (row: SubscriptionRow): string[] =>
    row.items.map(({ price }) => account.products.get(account.prices.get(price).product).name)
  return {
    textOf: (row) => joined(row.id, row.customer, emailOf(account, row.customer), ...plansOf(row)),
    statuses: ['active', 'trialing', 'past_due', 'incomplete', 'unpaid', 'paused', 'canceled', 'incomplete_expired'],
    hasStatus: (row, status) => row.status === status,
    hint: 'email, plan or id',
  }
}

const customers = (): Search<CustomerRow> => ({
  textOf: (row) => joined(row.id, row.email, row.name),
  statuses: [],
  hasStatus: () => true,
  hint: 'email, name or id',
})

const payments = (account: Account): Search<ChargeRow> => ({
  textOf: (row) => joined(row.id, row.customer, emailOf(account, row.customer)),
  statuses: ['paid', 'failed', 'refunded', 'disputed'],
  hasStatus(row, status) {
    if (status === 'refunded') return row.amount_refunded > 0
    if (status === 'disputed') return account.disputes.by('charge', row.id).length > 0
    return row.paid === (status === 'paid')
  },
  hint: 'email or id',
})

const invoices = (account: Account): Search<InvoiceRow> => ({
  textOf: (row) => joined(row.id, row.number, row.customer, emailOf(account, row.customer)),
  statuses: ['draft', 'open', 'paid', 'uncollectible', 'void'],
  hasStatus: (row, status) => row.status === status,
  hint: 'email, number or id',
})

const events = (account: Account): Search<EventRow> => ({
  textOf: ({ id, type, object }) => joined(id, type, ...['id', 'customer', 'email'].map((key) => textIn(object, key))),
  statuses: ['delivered', 'pending', 'failed', 'dropped'],
  hasStatus: (row, status) => account.deliveries.by('eventId', row.id).some((delivery) => delivery.status === status),
  hint: 'type, such as invoice.paid, or id',
})

function textIn(object: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = object[key]
  return typeof value === 'string' ? value : null
}

/** What can be searched for in each list, and the statuses to choose from. */
export const searches = { subscriptions, customers, payments, invoices, events }
