import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow, SessionLine } from '../state/rows/checkout.ts'
import { boundsOf, isAllowed } from './chosen-amounts.ts'

/** What a customer changes about their order on the page. */
export interface OrderChange {
  /** By the id of the line. 0 removes it. */
  readonly quantities: ReadonlyMap<string, number>
  /** Per unit, by the id of the line. NaN for what is no amount. */
  readonly amounts: ReadonlyMap<string, number>
  /** By the number of the optional item. 0 removes it. */
  readonly optional: ReadonlyMap<number, number>
}

/**
 * Changes the quantities and chosen amounts of a session's lines, and adds or removes optional items. What would be out of bounds, or
 * leave nothing to buy, changes nothing.
 *
 * @returns the changed session; null if a quantity or an amount is not allowed.
 * @see https://docs.stripe.com/payments/checkout/adjustable-quantity
 * @see https://docs.stripe.com/payments/checkout/optional-items
 * @see https://docs.stripe.com/payments/checkout/pay-what-you-want
 */
export function changeOrder(
  account: Account,
  session: CheckoutSessionRow,
  { amounts, quantities, optional }: OrderChange,
): CheckoutSessionRow | null {
  const lines: SessionLine[] = []
  const currency = session.currency ?? 'usd'
  for (const line of session.lines) {
    const wanted = line.optional === undefined ? quantities.get(line.id) : optional.get(line.optional)
    const quantity = wanted ?? line.quantity
    const isRemoved = wanted === 0
    if (isRemoved && line.optional === undefined && line.adjustable?.minimum !== 0) return null
    if (isRemoved) continue
    if (quantity !== line.quantity && !isWithin(line, quantity)) return null
    const amount = amounts.get(line.id)
    const bounds = amount === undefined ? null : boundsOf(account, line, currency)
    if (amount !== undefined && !(bounds && isAllowed(bounds, amount, currency))) return null
    lines.push({ ...line, quantity, ...(amount !== undefined && { amount }) })
  }
  for (const [index, item] of (session.optional_items ?? []).entries()) {
    const quantity = optional.get(index) ?? 0
    if (quantity === 0 || session.lines.some((line) => line.optional === index)) continue
    if (quantity !== item.quantity && !isWithin(item, quantity)) return null
    lines.push({ ...item, id: newId('li'), optional: index, quantity, tax_rates: [] })
  }
  const isRecurring = ({ price }: SessionLine): boolean => account.prices.get(price).recurring !== null
  if (lines.length === 0 || (session.mode === 'subscription' && !lines.some(isRecurring))) return null
  return account.checkoutSessions.patch(session.id, { lines })
}

function isWithin({ adjustable }: Pick<SessionLine, 'adjustable'>, quantity: number): boolean {
  return adjustable !== undefined && quantity >= adjustable.minimum && quantity <= adjustable.maximum
}
