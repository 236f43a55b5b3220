import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { InvoiceItemRow } from '../state/rows/invoice.ts'
import type { Wire } from '../wire.ts'

export function serializeInvoiceItem(account: Account, row: InvoiceItemRow): Wire<Stripe.InvoiceItem> {
  const { price, subscription, subscription_item, ...shown } = row
  return {
    ...shown,
    object: 'invoiceitem',
    customer_account: null,
    discountable: !row.proration,
    discounts: [],
    livemode: false,
    net_amount: row.amount,
    parent:
      subscription === null
        ? null
        : {
            subscription_details: { subscription, ...(subscription_item !== null && { subscription_item }) },
            type: 'subscription_details',
          },
    pricing:
      price === null
        ? null
        : {
            price_details: { price, product: account.prices.get(price).product },
            type: 'price_details',
            unit_amount_decimal: String(row.quantity === 0 ? 0 : Math.trunc(row.amount / row.quantity)),
          },
    quantity_decimal: String(row.quantity),
    tax_rates: [],
  }
}
