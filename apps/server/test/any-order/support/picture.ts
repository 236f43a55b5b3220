import type Stripe from 'stripe'
import { accessOf } from './oracle.ts'
import type { Allowance } from './user-acts.ts'
import { hasEnded, idOf, isFromCheckout, planItemOf, planPricesOf, subscriptionsOf, type World } from './world.ts'

/** What a person in support may have decided about a subscription. */
interface Decisions {
  readonly planPrice: string | null
  readonly planQuantity: number | null
  readonly planDiscounts: readonly string[]
  /** All other items. */
  readonly extras: readonly { price: string; quantity: number; discounts: readonly string[] }[]
  readonly discounts: readonly string[]
  /** How often the coupon for one invoice waits for its invoice, on the subscription or on an item. */
  readonly onceLeft: number
  readonly endsAt: number | null
  readonly pause: unknown
  readonly isPaused: boolean
  readonly trialEnd: number | null
  readonly collection: string
  readonly card: string
  readonly note: string | null
  readonly schedule: unknown
}

export interface SubscriptionPicture extends Decisions {
  readonly id: string
  readonly status: string
  readonly hasEnded: boolean
  readonly isFromCheckout: boolean
  /** The subscription that the user has bought it to replace; null for none. */
  readonly replaces: string | null
  /** Only told while there are several subscriptions. */
  readonly givesAccess: boolean
}

/** The user's subscriptions at Stripe, as support sees them. */
export type Picture = ReadonlyMap<string, SubscriptionPicture>

export async function takePicture(world: World): Promise<Picture> {
  const [subscriptions, planPrices] = await Promise.all([subscriptionsOf(world), planPricesOf(world)])
  const live = subscriptions.filter((subscription) => !hasEnded(subscription))
  const access = live.length > 1 ? await accessOf(world, live) : null
  return new Map(
    subscriptions.map((subscription) => {
      const givesAccess = access?.has(subscription.id) ?? true
      return [subscription.id, { ...pictureOf(subscription, planPrices, world.shelf.coupons[2]), givesAccess }]
    }),
  )
}

function pictureOf(
  subscription: Stripe.Subscription,
  planPrices: ReadonlyMap<string, string>,
  onceCoupon: string,
): Omit<SubscriptionPicture, 'givesAccess'> {
  const { id, status, items, schedule } = subscription
  const planItem = planItemOf(subscription, planPrices)
  const lastingOf = (discounts: Discounts) => couponsOf(discounts).filter((coupon) => coupon !== onceCoupon)
  const extras = items.data
    .filter((item) => item !== planItem)
    .map((item) => ({ price: item.price.id, quantity: item.quantity ?? 1, discounts: lastingOf(item.discounts) }))
  const allDiscounts = [subscription, ...items.data].flatMap(({ discounts }) => couponsOf(discounts))
  return {
    id,
    status,
    hasEnded: hasEnded(subscription),
    isFromCheckout: isFromCheckout(subscription),
    replaces: subscription.metadata['upgrade_from_subscription_id'] ?? null,
    planPrice: planItem?.price.id ?? null,
    planQuantity: planItem?.quantity ?? null,
    planDiscounts: planItem ? lastingOf(planItem.discounts) : [],
    extras: extras.toSorted((one, other) => (one.price < other.price ? -1 : 1)),
    discounts: lastingOf(subscription.discounts),
    onceLeft: allDiscounts.filter((coupon) => coupon === onceCoupon).length,
    endsAt: subscription.cancel_at,
    pause: subscription.pause_collection,
    isPaused: status === 'paused',
    trialEnd: status === 'trialing' ? subscription.trial_end : null,
    collection: subscription.collection_method,
    card: idOf(subscription.default_payment_method),
    note: subscription.metadata['note'] ?? null,
    schedule: typeof schedule === 'object' && schedule && !isIdle(schedule) ? phasesOf(schedule) : null,
  }
}

/** Whether it is a schedule of a plan change that has taken effect. The product releases it, which changes nothing. */
function isIdle({ metadata, current_phase, phases }: Stripe.SubscriptionSchedule): boolean {
  const begun = current_phase?.start_date ?? Number.POSITIVE_INFINITY
  return Boolean(metadata?.['plan_change']) && phases.every(({ start_date }) => start_date <= begun)
}

function phasesOf({ end_behavior, phases }: Stripe.SubscriptionSchedule) {
  return {
    end_behavior,
    phases: phases.map(({ start_date, end_date, items, discounts }) => ({
      ...{ start_date, end_date, discounts: discounts.length },
      items: items.map(({ price, quantity }) => `${quantity ?? 1} x ${idOf(price)}`),
    })),
  }
}

type Discounts = readonly (string | Stripe.Discount)[]

const couponsOf = (discounts: Discounts): string[] =>
  discounts.map((discount) => (typeof discount === 'string' ? discount : idOf(discount.source.coupon))).toSorted()

/** What the product may change without an act of the user: nothing. */
const NOTHING: Allowance = {}

interface Between {
  readonly before: Picture
  readonly after: Picture
  readonly may?: Allowance
  readonly isClosed: boolean
}

/** Compares two pictures between which only the product has acted. @returns what it undid, in words. */
export function undone({ before, after, may = NOTHING, isClosed }: Between): string[] {
  return [...after.values()].flatMap((now) => {
    const was = before.get(now.id)
    // A subscription that has ended can't be changed any more.
    if (!was || was.hasEnded) return []
    if (now.hasEnded) return mayEnd(was, after, isClosed) ? [] : [`It ended ${now.id}, which was ${was.status}.`]
    const allowed = new Set([
      // A change at once makes an invoice, which uses up a coupon for one invoice.
      ...(may.plan ? ['planPrice', 'schedule', 'onceLeft'] : []),
      ...(may.end || isClosed ? ['endsAt', 'schedule'] : []),
    ])
    const names = Object.keys(now) as (keyof SubscriptionPicture)[]
    return names
      .filter((name) => name !== 'status' && name !== 'givesAccess' && !allowed.has(name))
      .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(now[name]))
      .map(
        (name) => `It changed ${name} of ${now.id} from ${JSON.stringify(was[name])} to ${JSON.stringify(now[name])}.`,
      )
  })
}

function mayEnd(was: SubscriptionPicture, after: Picture, isClosed: boolean): boolean {
  if (isClosed) return true
  const others = [...after.values()].filter(({ id, hasEnded: isOver }) => id !== was.id && !isOver)
  // The user may upgrade from what support has made, and the worker may hear of it later.
  if (others.some(({ replaces }) => replaces === was.id)) return true
  // What gives no access makes room for another one.
  return others.length > 0 && (was.isFromCheckout || !was.givesAccess)
}
