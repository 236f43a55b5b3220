import { priceAmount } from '../amounts/price-parts.ts'
import type { Account } from '../state/account.ts'
import { linePrice } from '../state/price-in.ts'
import type { InvoiceItemRow } from '../state/rows/invoice.ts'
import type { AddedPeriod } from '../state/rows/subscription.ts'
import { addInvoiceItem } from './pending-items.ts'

/** A one-time price that is billed along with something else. */
export interface OneTimeItem {
  readonly price: string
  /** Per unit, if the customer has chosen it. */
  readonly amount?: number
  readonly quantity: number
  /** By default, discounts apply. */
  readonly discountable?: boolean
  readonly discounts?: string[]
  readonly metadata?: Record<string, string>
  /** The default is now. */
  readonly period?: AddedPeriod
  readonly tax_rates?: string[]
}

/** Adds a one-time price to the next invoice of a customer, or of one of their subscriptions. */
export function addOneTimeItem(
  account: Account,
  {
    amount,
    price: id,
    quantity,
    discountable = true,
    discounts = [],
    metadata = {},
    period,
    tax_rates = [],
  }: OneTimeItem,
  { customer, currency, subscription }: { customer: string; currency: string; subscription: string | null },
): InvoiceItemRow {
  const price = linePrice(account, { price: id, ...(amount !== undefined && { amount }) }, currency)
  const now = account.nowOf(customer)
  return addInvoiceItem(account, {
    customer,
    currency,
    amount: priceAmount(price, quantity),
    description: account.products.get(price.product).name,
    metadata,
    period: period && subscription !== null ? periodOf(account, subscription, period, now) : { start: now, end: now },
    price: id,
    quantity,
    proration: false,
    subscription,
    subscription_item: null,
    discountable,
    discounts,
    included_discounts: [],
    tax_rates,
  })
}

function periodOf(
  account: Account,
  subscription: string,
  { start, end }: AddedPeriod,
  now: number,
): { start: number; end: number } {
  const { items } = account.subscriptions.get(subscription)
  const starts = {
    max_item_period_start: () => Math.max(...items.map((item) => item.current_period_start)),
    now: () => now,
    phase_start: () => now,
    timestamp: () => start.timestamp ?? now,
  }
  const from = starts[start.type]()
  const until = end.timestamp ?? Math.min(...items.map((item) => item.current_period_end))
  return { start: from, end: Math.max(from, until) }
}
