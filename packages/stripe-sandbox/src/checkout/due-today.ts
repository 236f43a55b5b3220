import { amountDueOf } from '../resources/invoice.ts'
import { sessionTotal } from '../resources/session-amounts.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { customerOf } from './session-taxes.ts'
import { startSubscription } from './start-subscription.ts'

/**
 * What an open session charges today. For a subscription, that is its first invoice after the customer's balance is
 * applied. The purchase runs in a rehearsal and is rolled back, so that page and invoice agree to the cent.
 *
 * @see https://docs.stripe.com/billing/customer/balance
 */
export function dueToday(account: Account, session: CheckoutSessionRow): number {
  if (session.mode !== 'subscription') return sessionTotal(account, session)
  if (session.invoice !== null) return amountDueOf(account, account.invoices.get(session.invoice))
  return account.journal.rehearse(() => {
    const { latest_invoice } = startSubscription(account, session, {
      customer: customerOf(account, session, { email: session.customer_email, name: null }),
      paymentMethod: null,
      paidWith: null,
      paymentBehavior: 'default_incomplete',
    })
    return latest_invoice === null ? 0 : amountDueOf(account, account.invoices.get(latest_invoice))
  })
}
