import { priceAmount } from '../amounts/price-parts.ts'
import { boundary } from '../billing/periods.ts'
import type { ItemChange } from '../billing/place-items.ts'
import { scheduleFor } from '../billing/schedules.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { PlanChanges } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { DAY } from '../time.ts'

const DAYS = { day: 1, week: 7, month: 30, year: 365 }

/** Whether the portal's configuration makes a change of plan wait for the end of the period. */
export function waitsForPeriodEnd(
  account: Account,
  { currency, items, status }: SubscriptionRow,
  wanted: readonly ItemChange[],
  { atPeriodEnd = [] }: PlanChanges,
): boolean {
  if (atPeriodEnd.length === 0 || status === 'trialing') return false
  const amount = (price: string, quantity: number): number => priceAmount(priceIn(account, price, currency), quantity)
  const length = (price: string): number => {
    const { recurring } = account.prices.get(price)
    return recurring ? DAYS[recurring.interval] * recurring.interval_count * DAY : 0
  }
  return wanted.some(({ id, price, quantity }) => {
    const before = items.find((item) => item.id === id)
    if (!before) return false
    const shorter = length(price) < length(before.price)
    // Prices of other intervals are compared as what they cost in the same time.
    const cheaper =
      amount(price, quantity) / length(price) < amount(before.price, before.quantity) / length(before.price)
    return (
      (shorter && atPeriodEnd.includes('shortening_interval')) ||
      (cheaper && atPeriodEnd.includes('decreasing_item_amount'))
    )
  })
}

/** Schedules a change of plan for the end of the period. The schedule lets the subscription go a period later. */
export function schedulePlan(account: Account, subscription: SubscriptionRow, wanted: readonly ItemChange[]): void {
  const [first] = wanted
  const recurring = first ? account.prices.get(first.price).recurring : null
  scheduleFor(account, subscription, { end_behavior: 'release', metadata: {} }, (current) => [
    {
      ...current,
      start_date: current.end_date,
      end_date: recurring ? boundary(current.end_date, recurring, 1) : current.end_date,
      items: current.items.map((item, index) => {
        const { price, quantity } = wanted[index] ?? item
        return { ...item, price, quantity }
      }),
    },
  ])
}
