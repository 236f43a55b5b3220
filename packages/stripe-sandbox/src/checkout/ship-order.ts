import { keepFields } from '../resources/echoes.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'

/** Keeps where an order is sent as the shipping of its payment. Only sessions in `payment` mode have it there. */
export function shipPayment(account: Account, { mode, shipping_details }: CheckoutSessionRow, intent: string): void {
  if (!shipping_details || mode !== 'payment') return
  keepFields(account, intent, { shipping: { ...shipping_details, carrier: null, phone: null, tracking_number: null } })
}

/** Keeps where an order is sent as the shipping of its customer: of a new one, or if the session says so. */
export function shipCustomer(
  account: Account,
  { customer: known, customer_update, shipping_details }: CheckoutSessionRow,
  customer: string,
): void {
  if (!shipping_details || (known !== null && customer_update?.shipping !== 'auto')) return
  keepFields(account, customer, { shipping: { ...shipping_details, phone: null } })
}
