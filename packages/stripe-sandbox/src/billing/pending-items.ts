import { emit } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { serializeInvoiceItem } from '../resources/invoice-item.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceItemRow, InvoiceLine } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { lineOfInvoiceItem } from './lines.ts'

/** Saves a line as an invoice item for the next invoice. */
export function putAside(account: Account, customer: string, currency: string, line: InvoiceLine): InvoiceItemRow {
  return addInvoiceItem(account, {
    customer,
    currency,
    amount: line.amount,
    description: line.description,
    metadata: line.metadata,
    period: line.period,
    price: line.price,
    quantity: line.quantity,
    proration: line.proration,
    subscription: line.subscription,
    subscription_item: line.subscription_item,
    discountable: line.discountable,
    discounts: line.discounts,
    included_discounts: line.included_discounts,
    tax_rates: line.tax_rates,
    ...(line.credited_tax_rates && { credited_tax_rates: line.credited_tax_rates }),
  })
}

export function addInvoiceItem(
  account: Account,
  given: Omit<InvoiceItemRow, 'id' | 'date' | 'invoice' | 'test_clock'> & Partial<InvoiceItemRow>,
): InvoiceItemRow {
  const row = account.invoiceItems.insert({
    id: newId('ii'),
    date: account.nowOf(given.customer),
    invoice: null,
    test_clock: account.customers.get(given.customer).test_clock,
    ...given,
  })
  emit(account, 'invoiceitem.created', serializeInvoiceItem(account, row))
  return row
}

/** The items pending for a customer's next invoice; with a subscription, also those pending for its next invoice. */
export function pendingItems(
  account: Account,
  customer: string,
  currency: string,
  subscription: string | null,
): InvoiceItemRow[] {
  return account.invoiceItems
    .by('customer', customer)
    .filter(
      (item) =>
        item.invoice === null &&
        item.currency === currency &&
        (item.subscription === null || item.subscription === subscription),
    )
}

/** Turns pending items into invoice lines. {@link attachItems} then binds the items to the invoice. */
export function takeUp(account: Account, items: readonly InvoiceItemRow[]): InvoiceLine[] {
  return items.map((item) => lineOfInvoiceItem(account, item))
}

export function attachItems(account: Account, items: readonly InvoiceItemRow[], invoice: string): void {
  for (const item of items) account.invoiceItems.patch(item.id, { invoice })
}

/** Deletes the prorations that wait for a subscription's next invoice. */
export function dropPendingProrations(account: Account, { id, customer, currency }: SubscriptionRow): void {
  for (const item of pendingItems(account, customer, currency, id)) {
    if (!item.proration || item.subscription !== id) continue
    account.invoiceItems.remove(item.id)
    emit(account, 'invoiceitem.deleted', serializeInvoiceItem(account, item))
  }
}
