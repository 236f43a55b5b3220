import { emit } from '../events/emit.ts'
import { serializeCheckoutSession } from '../resources/checkout-session.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { countLink } from './follow-link.ts'

type Bought = Pick<CheckoutSessionRow, 'customer' | 'invoice' | 'payment_intent' | 'payment_status' | 'subscription'>

/** Completes a session that was paid, or that had nothing to pay. */
export function completeSession(
  account: Account,
  session: CheckoutSessionRow,
  bought: Bought,
  { email, name }: { readonly email: string | null; readonly name: string | null },
): CheckoutSessionRow {
  const known = bought.customer === null ? null : account.customers.get(bought.customer)
  const row = account.checkoutSessions.patch(session.id, {
    status: 'complete',
    ...bought,
    customer_details: {
      ...session.customer_details,
      email: known?.email ?? email,
      name: name ?? known?.name ?? null,
    },
  })
  emit(account, 'checkout.session.completed', serializeCheckoutSession(account, row))
  if (row.payment_link !== undefined) countLink(account, row.payment_link)
  return row
}
