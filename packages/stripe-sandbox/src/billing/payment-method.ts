import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'

/**
 * The card that an invoice is charged to: its own default, else its subscription's, else the customer's.
 *
 * @returns null if there is no card.
 * @see https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export function paymentMethodFor(
  account: Account,
  invoice: Pick<InvoiceRow, 'customer' | 'subscription' | 'default_payment_method'>,
): string | null {
  const subscription = invoice.subscription === null ? undefined : account.subscriptions.get(invoice.subscription)
  return (
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    account.customers.get(invoice.customer).default_payment_method
  )
}
