import type Stripe from 'stripe'
import type { FaultyApp } from '../../faults/faulty-app.ts'
import type { TestUser } from '../../test-app.ts'
import type { Relay } from '../relay.ts'
import type { Hero } from '../stories.ts'
import type { Product, Shelf } from './open-shop.ts'

/** One user, who buys and changes subscriptions, and support, who changes things in Stripe's dashboard. */
export interface World {
  readonly faulty: FaultyApp
  readonly relay: Relay
  readonly shelf: Shelf
  readonly products: readonly Product[]
  readonly user: TestUser
  /** The product as it runs now, and the user who uses it. */
  product: Product
  hero: Hero
  /** Reaches the sandbox directly, so it never fails. */
  readonly stripe: Stripe
  /** Everything that happened, in plain lines. */
  readonly story: string[]
  /** What the product did that it may not do, in plain lines. */
  readonly wrongs: string[]
  /** All customers that the user has had at Stripe, the last one is the present one. */
  readonly customers: string[]
  /**
   * When support gave nothing back for time that was paid: by canceling, deleting, or moving a trial. By subscription, in
   * Stripe's seconds.
   */
  readonly forfeited: Map<string, number[]>
  /** Where the list of deliveries began, as it has those of earlier cases, too. */
  readonly firstDelivery: number
  day: number
  /** When the user closed the account, in Stripe's seconds. */
  closedAt: number | null
}

/** Chooses by the numbers of a step. Each choice uses up one number. */
export interface Choose {
  <T>(options: readonly T[]): T | undefined
}

/** @returns what happened, in words; null if there is nothing to do it to. */
export type Act = (world: World, choose: Choose) => Promise<string | null>

export function chooseBy(numbers: readonly number[]): Choose {
  let next = 0
  return (options) => options[(numbers[next++ % numbers.length] ?? 0) % Math.max(1, options.length)]
}

/** The present customer. Undefined until the user opened a checkout page. */
export async function customerOf({ hero, customers }: World): Promise<string | undefined> {
  const id = await hero.customer()
  if (id && customers.at(-1) !== id) customers.push(id)
  return id || undefined
}

/** All subscriptions that the user has had, oldest first. */
export async function subscriptionsOf(world: World): Promise<Stripe.Subscription[]> {
  await customerOf(world)
  const lists = world.customers.map((customer) =>
    world.stripe.subscriptions.list({
      customer,
      status: 'all',
      limit: 100,
      expand: ['data.schedule', 'data.latest_invoice', 'data.discounts', 'data.items.data.discounts'],
    }),
  )
  return (await Promise.all(lists)).flatMap(({ data }) => data.toReversed())
}

export async function liveSubscriptionsOf(world: World): Promise<Stripe.Subscription[]> {
  return (await subscriptionsOf(world)).filter((subscription) => !hasEnded(subscription))
}

/** All invoices of the user, newest first, with their payments. */
export async function invoicesOf({ stripe, customers }: World): Promise<Stripe.Invoice[]> {
  const lists = customers.map((customer) => stripe.invoices.list({ customer, limit: 100, expand: ['data.payments'] }))
  return (await Promise.all(lists)).flatMap(({ data }) => data)
}

export const hasEnded = ({ status }: Stripe.Subscription): boolean =>
  status === 'canceled' || status === 'incomplete_expired'

/** Only our checkout page writes the user's id. */
export const isFromCheckout = ({ metadata }: Stripe.Subscription): boolean => metadata['user_id'] !== undefined

export const idOf = (reference: string | { id: string } | null | undefined): string =>
  typeof reference === 'string' ? reference : (reference?.id ?? '')

/** The prices of all plans, present and former, by their ids at Stripe. */
export async function planPricesOf({ faulty: { database } }: World): Promise<Map<string, string>> {
  const { rows } = await database.query<{ price: string; code: string }>(
    `select provider_price_id as price, code from plan_prices join plans on plans.id = plan_id
     where provider_price_id is not null order by plan_prices.created_at`,
  )
  return new Map(rows.map(({ price, code }) => [price, code]))
}

/** The item whose price is a plan's. */
export function planItemOf(
  subscription: Stripe.Subscription,
  planPrices: ReadonlyMap<string, string>,
): Stripe.SubscriptionItem | undefined {
  return subscription.items.data.find(({ price }) => planPrices.has(price.id))
}
