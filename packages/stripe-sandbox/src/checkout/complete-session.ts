import { emit } from '../events/emit.ts'
import { serializeCheckoutSession } from '../resources/checkout-session.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { Decline } from '../state/rows/payment.ts'
import { countLink } from './follow-link.ts'

export interface Submission {
  readonly email: string | null
  readonly name: string | null
  /** A payment method that is unattached or the session customer's own; null if the page asks for no card. */
  readonly paymentMethod: string | null
}

export type CheckoutOutcome =
  | { readonly kind: 'complete'; readonly session: CheckoutSessionRow }
  | { readonly kind: 'declined'; readonly decline: Decline }
  /** The cardholder must authenticate this payment or setup intent first. */
  | { readonly kind: 'authenticate'; readonly intent: string }

type Bought = Pick<CheckoutSessionRow, 'customer' | 'invoice' | 'payment_intent' | 'payment_status' | 'subscription'>

/** Completes a session that was paid, or that had nothing to pay. */
export function completeSession(
  account: Account,
  session: CheckoutSessionRow,
  bought: Bought,
  { email, name }: Pick<Submission, 'email' | 'name'>,
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
