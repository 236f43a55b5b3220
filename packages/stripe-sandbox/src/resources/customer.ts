import type Stripe from 'stripe'
import { emit, emitUpdated } from '../events/emit.ts'
import { newId, randomText } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { BalanceTransactionRow, CustomerRow } from '../state/rows/customer.ts'
import type { Wire } from '../wire.ts'
import { serializeDiscount } from './coupon.ts'

export function serializeCustomer(account: Account, row: CustomerRow): Wire<Stripe.Customer> {
  const {
    default_payment_method,
    deleted: _deleted,
    failCharges: _failCharges,
    reconciliation_mode: _mode,
    tax_ip_address: _ip,
    ...shown
  } = row
  return {
    ...shown,
    object: 'customer',
    default_source: null,
    discount: presentDiscount(account, row),
    invoice_settings: { custom_fields: null, default_payment_method, footer: null, rendering_options: null },
    livemode: false,
    preferred_locales: [],
    shipping: null,
    tax_exempt: row.tax_exempt ?? 'none',
  }
}

/** A customer's discount, unless it has ended. */
function presentDiscount(account: Account, { discount, id }: CustomerRow): Wire<Stripe.Discount> | null {
  const row = discount == null ? null : account.discounts.get(discount)
  if (!row || (row.end !== null && row.end <= account.nowOf(id))) return null
  const shown = serializeDiscount({ ...row, deleted: false })
  return 'end' in shown ? shown : null
}

export function serializeDeletedCustomer(row: CustomerRow): Wire<Stripe.DeletedCustomer> {
  return { id: row.id, object: 'customer', deleted: true }
}

/** Creates a customer and emits `customer.created`. */
export function createCustomer(account: Account, given: Partial<CustomerRow>): CustomerRow {
  const testClock = given.test_clock ?? null
  const row = account.customers.insert({
    id: newId('cus', 14),
    created: testClock === null ? account.now() : account.testClocks.get(testClock).frozen_time,
    address: null,
    balance: 0,
    currency: null,
    default_payment_method: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    test_clock: null,
    deleted: false,
    failCharges: null,
    ...given,
  })
  emit(account, 'customer.created', serializeCustomer(account, row))
  return row
}

/** Changes a customer, and emits `customer.updated` if the API object changed. */
export function updateCustomer(account: Account, id: string, changes: Partial<CustomerRow>): CustomerRow {
  const before = serializeCustomer(account, account.customers.get(id))
  const row = account.customers.patch(id, changes)
  emitUpdated(account, 'customer.updated', before, serializeCustomer(account, row))
  return row
}

/** What a customer has sent by bank transfer: nothing. Only how it would be matched to payments is a setting. */
export function serializeCashBalance(account: Account, customer: string): Wire<Stripe.CashBalance> {
  const mode = account.customers.get(customer).reconciliation_mode
  return {
    object: 'cash_balance',
    available: null,
    customer,
    customer_account: null,
    livemode: false,
    settings: { reconciliation_mode: mode ?? 'automatic', using_merchant_default: mode === undefined },
  }
}

export function serializeBalanceTransaction(row: BalanceTransactionRow): Wire<Stripe.CustomerBalanceTransaction> {
  return {
    ...row,
    object: 'customer_balance_transaction',
    checkout_session: null,
    customer_account: null,
    livemode: false,
  }
}
