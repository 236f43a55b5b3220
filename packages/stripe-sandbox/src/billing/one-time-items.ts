import { priceAmount } from '../amounts/price-parts.ts'
import type { Account } from '../state/account.ts'
import { inCurrency } from '../state/price-in.ts'
import type { InvoiceItemRow } from '../state/rows/invoice.ts'
import { addInvoiceItem } from './pending-items.ts'

/** A one-time price that is billed along with something else. */
export interface OneTimeItem {
  readonly price: string
  readonly quantity: number
  readonly discounts?: string[]
  readonly metadata?: Record<string, string>
  readonly tax_rates?: string[]
}

/** Adds a one-time price to the next invoice of a customer, or of one of their subscriptions. */
export function addOneTimeItem(
  account: Account,
  { price: id, quantity, discounts = [], metadata = {}, tax_rates = [] }: OneTimeItem,
  { customer, currency, subscription }: { customer: string; currency: string; subscription: string | null },
): InvoiceItemRow {
  const price = inCurrency(account.prices.get(id), currency)
  const now = account.nowOf(customer)
  return addInvoiceItem(account, {
    customer,
    currency,
    amount: priceAmount(price, quantity),
    description: account.products.get(price.product).name,
    metadata,
    period: { start: now, end: now },
    price: id,
    quantity,
    proration: false,
    subscription,
    subscription_item: null,
    discountable: true,
    discounts,
    included_discounts: [],
    tax_rates,
  })
}
