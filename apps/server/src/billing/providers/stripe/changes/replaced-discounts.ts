import type Stripe from 'stripe'
import { idOf, isOurs } from '../objects.ts'

type Schedule = Stripe.SubscriptionSchedule
type Discounts = Stripe.Subscription['discounts']

/** In our schedule's metadata, by the id of a discount: the promotion code of the scheduled change takes its place. */
const REPLACED = 'replaced'

/** Marks the discounts that a scheduled change replaces, and takes the marks of an earlier one away. */
export function marksOf(schedule: Schedule, discounts: Discounts): Record<string, string> {
  if (!isOurs(schedule)) return {}
  const former = Object.entries(schedule.metadata ?? {}).filter(([, value]) => value === REPLACED)
  return Object.fromEntries([
    ...former.map(([id]) => [id, ''] as const),
    ...discounts.map((discount) => [idOf(discount), REPLACED] as const),
  ])
}

/** The ids of the discounts that go on after a change that our schedule makes. */
export function lastingDiscounts({ metadata }: Schedule, discounts: Discounts): string[] {
  return discounts.map(idOf).filter((id) => metadata?.[id] !== REPLACED)
}
