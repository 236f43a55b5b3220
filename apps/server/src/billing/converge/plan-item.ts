import type { Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { rankOf } from '../access/tiers.ts'
import type { LockedScope } from '../customers/under-lock.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { timesPerYear } from '../plans/billing-interval.ts'
import { costOfMembers, seatTermsOf } from '../plans/seat-terms.ts'
import type { ProviderItem, ProviderSubscription } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'

/** The item of a subscription that is the plan. All other items are add-ons. */
export interface PlanItem {
  planId: string
  item: ProviderItem
  /** The current and former prices of plans among the prices of the subscription's items. */
  planPrices: readonly PricedPlan[]
}

/**
 * Finds the item whose current or former price is a plan's. If there are several, the highest tier counts, because it is
 * paid for.
 *
 * A known subscription whose plan has got a price of its own in the provider's dashboard keeps its plan and its item.
 *
 * @returns null if no item was ever a plan's.
 */
export async function findPlanItem(
  { em, log }: LockedScope,
  { id, items }: ProviderSubscription,
  known: Subscription | null,
): Promise<PlanItem | null> {
  const planPrices = await findPlanPrices(em, items)
  const best = bestItem(planPrices, items, known)
  if (best) return best

  log.error(
    { providerSubscriptionId: id, priceIds: items.map(({ priceId }) => priceId) },
    'a subscription has no price of a plan',
  )
  return keptItem(planPrices, items, known)
}

/** The same without a query: the prices of plans among the prices of these items are given. */
export function choosePlanItem(
  planPrices: readonly PricedPlan[],
  items: readonly ProviderItem[],
  known: Subscription | null,
): PlanItem | null {
  return bestItem(planPrices, items, known) ?? keptItem(planPrices, items, known)
}

type PricedPlan = Loaded<PlanPrice, 'plan'>

/** The current and former prices of plans among the prices of these items. */
export async function findPlanPrices(em: EntityManager, items: readonly ProviderItem[]): Promise<PricedPlan[]> {
  const priceIds = [...new Set(items.map(({ priceId }) => priceId))]
  return em.find(PlanPrice, { providerPriceId: { $in: priceIds } }, { populate: ['plan'] })
}

function bestItem(
  planPrices: readonly PricedPlan[],
  items: readonly ProviderItem[],
  known: Subscription | null,
): PlanItem | null {
  const isKnown = (item: ProviderItem) => Number(item.id === known?.providerItemId)
  const [best] = items
    .flatMap((item) => {
      const plan = planPriceOf(item, planPrices)?.plan.$
      return plan ? [{ plan, item }] : []
    })
    .toSorted((one, other) => {
      const byTier = rankOf(other.plan) - rankOf(one.plan)
      return byTier || isKnown(other.item) - isKnown(one.item)
    })
  return best ? { planId: best.plan.id, item: best.item, planPrices } : null
}

function keptItem(
  planPrices: readonly PricedPlan[],
  items: readonly ProviderItem[],
  known: Subscription | null,
): PlanItem | null {
  const item = items.find(({ id }) => id === known?.providerItemId) ?? items[0]
  return known && item ? { planId: known.plan.id, item, planPrices } : null
}

/** The row of an item's price; undefined if it is no plan's. */
export function planPriceOf({ priceId }: ProviderItem, planPrices: readonly PricedPlan[]): PricedPlan | undefined {
  return planPrices.find(({ providerPriceId }) => providerPriceId === priceId)
}

/** The next plan and price that the subscription is scheduled to move to; null if it keeps its plan. */
export async function findScheduledPlan(
  em: EntityManager,
  { scheduledPhases }: ProviderSubscription,
  present: ProviderItem,
): Promise<{ price: PlanPrice; at: Date } | null> {
  const later = scheduledPhases.filter(({ priceIds }) => !priceIds.includes(present.priceId))
  if (later.length === 0) return null
  const priceIds = later.flatMap((phase) => phase.priceIds)
  const prices = await em.find(PlanPrice, { providerPriceId: { $in: priceIds } })
  for (const phase of later) {
    const price = prices.find(({ providerPriceId }) => providerPriceId && phase.priceIds.includes(providerPriceId))
    if (price) return { price, at: phase.at }
  }
  return null
}

/**
 * What each item costs per billing period of the plan, without discounts and taxes. An add-on with another interval
 * counts with its share.
 */
export function pricesPerPeriod(
  items: readonly ProviderItem[],
  { item: plan, planPrices }: Pick<PlanItem, 'item' | 'planPrices'>,
): number[] {
  return items.map((item) => (costOf(item, planPrices) * timesPerYear(item.interval)) / timesPerYear(plan.interval))
}

/** @throws {Error} for a sum that JavaScript would round. */
export function sumOfPrices(prices: readonly number[]): number {
  const total = Math.round(prices.reduce((sum, price) => sum + price, 0))
  if (!Number.isSafeInteger(total)) throw new Error(`The items of a subscription cost too much to be added: ${total}.`)
  return total
}

/** The provider's lists and events don't have the tiers of a price per member, so our row tells what it costs. */
function costOf(item: ProviderItem, planPrices: readonly PricedPlan[]): number {
  const price = planPriceOf(item, planPrices)
  const seats = price && seatTermsOf(price)
  return seats ? costOfMembers(price.priceCents, seats, item.quantity) : item.unitPriceCents * item.quantity
}
