import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { lacksAmount } from './chosen-amounts.ts'
import { dueToday } from './due-today.ts'

/**
 * Whether the checkout page asks for a card: unless nothing is due, with all amounts chosen, and `payment_method_collection` is `if_required`.
 */
export function asksForCard(account: Account, session: CheckoutSessionRow): boolean {
  return (
    session.payment_method_collection === 'always' || lacksAmount(account, session) || dueToday(account, session) > 0
  )
}
