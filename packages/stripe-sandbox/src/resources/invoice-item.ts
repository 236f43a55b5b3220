import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { InvoiceItemRow } from '../state/rows/invoice.ts'
import type { Wire } from '../wire.ts'
import { taxRates } from './tax-rate.ts'

export function serializeInvoiceItem(account: Account, row: InvoiceItemRow): Wire<Stripe.InvoiceItem> {
  const {
    credited_tax_rates: _credited,
    included_discounts,
    price,
    quantity_decimal = String(row.quantity),
    subscription,
    subscription_item,
    tax_behavior: _behavior,
    tax_code: _code,
    ...shown
  } = row
  return {
    ...shown,
    object: 'invoiceitem',
    customer_account: null,
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
    quantity_decimal,
    ...(row.proration && {
      proration_details: {
        credited_items: null,
        discount_amounts: included_discounts.map((discount) => ({ amount: 0, discount })),
      },
    }),
    tax_rates: taxRates(account, row.tax_rates),
  }
}
