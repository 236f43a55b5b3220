import { announceInvoice, draftInvoice, finalizeInvoice, payWith, recordInvoicePayment } from '../billing/invoicing.ts'
import { addOneTimeItem } from '../billing/one-time-items.ts'
import { attachItems, takeUp } from '../billing/pending-items.ts'
import { keepFields } from '../resources/echoes.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { computeAutomaticTax } from '../taxes/automatic-tax.ts'

interface Paid {
  readonly customer: string
  readonly discounts: string[]
  /** The payment intent that paid the session; null if nothing was due. */
  readonly paidWith: string | null
}

/**
 * Makes the paid invoice of a session in `payment` mode with `invoice_creation`.
 *
 * @returns its id; null if the session asks for none.
 * @see https://docs.stripe.com/payments/checkout/receipts#paid-invoices
 */
export function invoicePurchase(
  account: Account,
  { automatic_tax, currency: given, invoice_creation, lines, shipping_details, shipping_rate }: CheckoutSessionRow,
  { customer, discounts, paidWith }: Paid,
): string | null {
  if (invoice_creation === null) return null
  const currency = given ?? 'usd'
  const items = lines.map((line) => addOneTimeItem(account, line, { customer, currency, subscription: null }))
  const { id } = draftInvoice(account, {
    customer,
    currency,
    billing_reason: 'manual',
    lines: takeUp(account, items),
    ...(automatic_tax && { automatic_tax: computeAutomaticTax(account, customer) }),
    discounts,
    ...(shipping_rate !== undefined && { shipping_rate }),
    ...invoice_creation,
  })
  if (shipping_details) keepFields(account, id, { shipping_details: { ...shipping_details, phone: null } })
  attachItems(account, items, id)
  announceInvoice(account, id)
  finalizeInvoice(account, id)
  if (paidWith !== null) {
    account.paymentIntents.patch(paidWith, { invoice: id })
    payWith(account, id, recordInvoicePayment(account, id, paidWith, account.paymentIntents.get(paidWith).amount))
  }
  return id
}
