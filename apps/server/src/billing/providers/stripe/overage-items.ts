import type Stripe from 'stripe'
import type { ProviderOverage } from '../payment-provider.ts'

/** Whether an item bills a plan's use above its limits. It follows the plan, so it is no add-on. */
export const isOverage = ({ known }: ProviderOverage, item: Pick<Stripe.SubscriptionItem, 'price'>): boolean =>
  known.includes(item.price.id)

/** What to change of a subscription's items so that its overage prices are the wanted ones. */
export function overageChanges(
  { items }: Pick<Stripe.Subscription, 'items'>,
  overage: ProviderOverage,
): ({ id: string; deleted: true } | { price: string })[] {
  const present = items.data.filter((item) => isOverage(overage, item))
  const removed = present.filter(({ price }) => !overage.wanted.includes(price.id))
  const added = overage.wanted.filter((wanted) => !present.some(({ price }) => price.id === wanted))
  return [...removed.map(({ id }) => ({ id, deleted: true }) as const), ...added.map((price) => ({ price }))]
}
