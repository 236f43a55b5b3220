import type { Account } from '../state/account.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'

/** The discounts that have not ended at `time`. A `repeating` one does not apply to an invoice at its very end. */
export function inEffect(account: Account, ids: readonly string[], time: number): string[] {
  return ids.filter((id) => {
    const { end } = account.discounts.get(id)
    return end === null || end > time
  })
}

/** The discounts of a subscription's invoices at `time`: its own, or else the customer's. */
export function discountsFor(
  account: Account,
  { customer, discounts }: Pick<SubscriptionRow, 'customer' | 'discounts'>,
  time: number,
): string[] {
  const own = inEffect(account, discounts, time)
  return own.length > 0 ? own : inheritedDiscounts(account, customer, time)
}

/** The customer's discount, for invoices and subscriptions without their own. */
export function inheritedDiscounts(account: Account, customer: string, time: number): string[] {
  const { discount } = account.customers.get(customer)
  return discount == null ? [] : inEffect(account, [discount], time)
}
