import type Stripe from 'stripe'
import { AddOnConflict } from '../../../billing.errors.ts'
import type { ProviderOverage } from '../../payment-provider.ts'
import { itemOf } from '../objects.ts'
import { isOverage } from '../overage-items.ts'

interface Move {
  subscriptionId: string
  /** The plan's item. */
  itemId: string | null
  /** The price that the plan is to have. */
  price: Stripe.Price
  overage: ProviderOverage
}

/**
 * Finds out whether an add-on is why Stripe refuses to sell a plan together with the subscription's add-ons on a
 * checkout page, which charges everything at one interval.
 *
 * @throws {AddOnConflict}
 */
export async function refuseAddOns(stripe: Stripe, move: Move): Promise<void> {
  const { addOns } = await itemsOf(stripe, move)
  const prices = await Promise.all(
    addOns.map(async ({ price }) => stripe.prices.retrieve(price.id, { expand: ['product'] })),
  )
  if (!prices.every(isSold)) throw new AddOnConflict('withdrawn')
  if (!prices.every((price) => isSameInterval(price, move.price))) throw new AddOnConflict('interval')
}

/**
 * Finds out whether an add-on is why Stripe refuses to move the plan to another interval. In classic billing mode, all
 * items of a subscription share one; in flexible mode, each is a multiple of the shortest.
 *
 * @throws {AddOnConflict}
 */
export async function refuseInterval(stripe: Stripe, move: Move): Promise<void> {
  const { plan, addOns } = await itemsOf(stripe, move)
  if (isSameInterval(plan.price, move.price)) return
  if (!addOns.every(({ price }) => isSameInterval(price, move.price))) throw new AddOnConflict('interval')
}

/** Whether Stripe still sells a price. Its product must be expanded. */
export const isSold = ({ active, product }: Stripe.Price): boolean =>
  active && typeof product === 'object' && !product.deleted && product.active

async function itemsOf(stripe: Stripe, { subscriptionId, itemId, overage }: Move) {
  const subscription = await stripe.subscriptions.retrieve(subscriptionId)
  const plan = itemOf(subscription, itemId)
  return { plan, addOns: subscription.items.data.filter((item) => item.id !== plan.id && !isOverage(overage, item)) }
}

const isSameInterval = ({ recurring: one }: Stripe.Price, { recurring: other }: Stripe.Price): boolean =>
  one?.interval === other?.interval && one?.interval_count === other?.interval_count
