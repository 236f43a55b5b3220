import type { Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { OveragePrice } from '../overage-price.entity.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { overagesOf } from '../plans/plan-overage.ts'
import type { ProviderOverage, ProviderSubscription } from '../providers/payment-provider.ts'

type Price = Loaded<OveragePrice>

/** The plan of a subscription, and how often it is billed. */
interface Sold {
  plan: Plan
  billingPeriod: Offer['billingPeriod']
}

/** The overage prices among the prices of a subscription's items, its own plan's and others. */
export async function findOveragePrices(
  em: EntityManager,
  { items }: Pick<ProviderSubscription, 'items'>,
): Promise<Price[]> {
  if (items.length === 1) return []
  return em.find(OveragePrice, { providerPriceId: { $in: items.map(({ priceId }) => priceId) } })
}

/** Whether a subscription has an overage price for each feature that its plan bills by use, and no others. */
export function isAsPlanned(present: readonly Price[], sold: Sold): boolean {
  const wanted = overagesOf(sold.plan)
  return present.length === wanted.length && wanted.every(({ feature }) => priceOf(present, sold, feature))
}

/**
 * The overage prices that a subscription is to have. Those that it has stay, whatever the plan takes today.
 *
 * @param ensured what the plan bills by use today.
 */
export function keptOverage(
  present: readonly Price[],
  sold: Sold,
  { known, wanted }: ProviderOverage,
): ProviderOverage {
  const ids = overagesOf(sold.plan).map(
    ({ feature }, place) => priceOf(present, sold, feature)?.providerPriceId ?? wanted[place],
  )
  return { known, wanted: ids.flatMap((id) => id ?? []) }
}

/** The price that a subscription has for a feature of its plan. */
export function priceOf(present: readonly Price[], { plan, billingPeriod }: Sold, feature: string): Price | undefined {
  return present.find(
    (price) => price.plan.id === plan.id && price.billingPeriod === billingPeriod && price.feature === feature,
  )
}
